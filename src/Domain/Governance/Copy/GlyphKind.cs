namespace Flywheel.Domain.Governance.Copy;

internal enum GlyphKind
{
    Letter,
    Digit,

    /// <summary>Punctuation, symbols, emoji.</summary>
    Mark,

    Space,
}
