namespace Flywheel.Domain.Governance.Wording;

/// <summary>No text says what the brief forbids, inflected or disguised; see <see cref="BannedWords"/>.</summary>
internal sealed class NeverSayRule : IGuardrail
{
    public string Name => "never-say";

    public void Inspect(Inspection inspection, FindingList findings)
    {
        if (inspection.Brief is not { NeverSay.IsEmpty: false } brief)
            return;
        var banned = new BannedWords(brief.NeverSay);
        foreach (var passage in inspection.Copy)
        {
            foreach (var (said, quote) in banned.FindIn(passage.Folded))
                findings.Block(passage.Field, $"{FindingList.Quote(quote)} says {FindingList.Quote(said)}", "other words: it is in the brief's neverSay");
        }
    }
}
