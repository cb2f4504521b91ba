namespace Flywheel.Domain.Governance.Copy;

/// <summary>One sign of a folded text.</summary>
/// <param name="Sign">Letters in lower case and without accents, digits as ASCII, dashes and apostrophes as their ASCII kin.</param>
/// <param name="Kind">What it is.</param>
/// <param name="At">Where in the original text the character it comes from begins.</param>
/// <param name="IsUpper">True where the original is a capital.</param>
/// <param name="IsAlone">True for scripts that write without spaces, where each sign can begin or end a word.</param>
internal readonly record struct Glyph(char Sign, GlyphKind Kind, int At, bool IsUpper = false, bool IsAlone = false)
{
    public bool IsWordPart => Kind is GlyphKind.Letter or GlyphKind.Digit;
}
