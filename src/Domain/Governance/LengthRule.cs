using System.Globalization;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Governance.Copy;

namespace Flywheel.Domain.Governance;

/// <summary>Texts as long as their place allows, in characters as people count them (an emoji or an accented letter is one).</summary>
internal sealed class LengthRule : IGuardrail
{
    public const string RuleName = "length";

    /// <summary>UTF-16 units of an attribute's value, as a campaign document may hold.</summary>
    private const int AttributeLength = 200;

    public string Name => RuleName;

    public void Inspect(Inspection inspection, FindingList findings)
    {
        var slot = inspection.Candidate.Slot;
        if (inspection.IsText && !inspection.Copy.Any(passage => passage.Field == PassageReader.TextField && !passage.IsNumber && passage.Text.Length > 0))
            findings.Block(PassageReader.TextField, "nothing", "the slot's kind asks for text");
        foreach (var passage in inspection.Copy)
        {
            var isText = passage.Field == PassageReader.TextField;
            var most = isText ? slot.MaxLength ?? Limits.TextLength : Limits.TextLength;
            var length = new StringInfo(passage.Text).LengthInTextElements;
            if (length > most)
                findings.Block(passage.Field, $"{length} characters", $"at most {most}{(isText && slot.MaxLength is not null ? " (the slot's maxLength)" : "")}");
            else if (isText && slot.MaxLength is not null)
                findings.Inform(passage.Field, $"{length} of {most} characters");
        }
        InspectAttributes(inspection, findings);
    }

    private static void InspectAttributes(Inspection inspection, FindingList findings)
    {
        var attributes = inspection.Candidate.Attributes;
        if (attributes.Count > Limits.AttributesPerModule)
            findings.Block("attributes", $"{attributes.Count}", $"at most {Limits.AttributesPerModule}");
        foreach (var (name, value) in attributes.Take(Limits.AttributesPerModule))
        {
            if (name.Length > Limits.IdLength)
                findings.Block("attributes", $"the name {FindingList.Quote(name)}", $"at most {Limits.IdLength} characters");
            if (value.Length > AttributeLength)
                findings.Block($"attributes.{name}", $"{value.Length} characters", $"at most {AttributeLength}");
        }
    }
}
