using System.Collections.Immutable;
using System.Globalization;
using Flywheel.Domain.Governance.Copy;

namespace Flywheel.Domain.Governance.Wording;

/// <summary>
/// Every text says what the brief asks for, word by word; case, accents, spaces and punctuation don't matter, inflections do. What is longer
/// than the slot is for another slot to say. Images and content without <c>text</c> are exempt: an alternative text says what the image shows.
/// </summary>
internal sealed class MustSayRule : IGuardrail
{
    public string Name => "must-say";

    public void Inspect(Inspection inspection, FindingList findings)
    {
        if (inspection.Brief is not { } brief || inspection.IsImage || !inspection.Copy.Any(passage => passage.Field == PassageReader.TextField))
            return;
        foreach (var asked in brief.MustSay)
        {
            if (inspection.Candidate.Slot.MaxLength is { } most && new StringInfo(asked).LengthInTextElements > most)
            {
                findings.Inform(PassageReader.TextField, $"{FindingList.Quote(asked)} is longer than the slot's maxLength, {most}; another slot has to say it");
                continue;
            }
            var words = Folded.Of(asked).Words;
            if (!inspection.Copy.Any(passage => words.IsEmpty ? passage.Text.Contains(asked.Trim(), StringComparison.Ordinal) : Says(passage.Folded.Words, words)))
                findings.Block(PassageReader.TextField, $"{FindingList.Quote(asked)} is missing", "the brief's mustSay in full");
        }
    }

    private static bool Says(ImmutableArray<string> text, ImmutableArray<string> words)
    {
        for (var i = 0; i + words.Length <= text.Length; i++)
        {
            if (text.AsSpan(i, words.Length).SequenceEqual(words.AsSpan()))
                return true;
        }
        return false;
    }
}
