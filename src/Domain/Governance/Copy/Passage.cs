namespace Flywheel.Domain.Governance.Copy;

/// <summary>One text of a candidate.</summary>
/// <param name="Field">Where it is, such as <c>content.text</c>.</param>
/// <param name="Text">As it was written.</param>
/// <param name="Kind">Who gets to see it.</param>
/// <param name="IsNumber">True where the JSON value is a number: whatever shows it makes it copy.</param>
internal sealed record Passage(string Field, string Text, PassageKind Kind, bool IsNumber = false)
{
    private Folded? _folded;

    public Folded Folded => _folded ??= Folded.Of(Text);
}
