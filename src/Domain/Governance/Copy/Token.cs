namespace Flywheel.Domain.Governance.Copy;

/// <summary>A run of letters, a run of digits, or one mark.</summary>
/// <param name="Kind">Never <see cref="GlyphKind.Space"/>.</param>
/// <param name="Text">Folded.</param>
/// <param name="First">Its first glyph.</param>
/// <param name="End">The glyph after its last.</param>
/// <param name="IsGlued">True where no space is between it and the token before.</param>
internal readonly record struct Token(GlyphKind Kind, string Text, int First, int End, bool IsGlued)
{
    public bool IsWord => Kind is GlyphKind.Letter or GlyphKind.Digit;

    public bool IsMark(char mark) => Kind == GlyphKind.Mark && Text[0] == mark;
}
