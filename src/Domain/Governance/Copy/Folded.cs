using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AnyAscii;

namespace Flywheel.Domain.Governance.Copy;

/// <summary>
/// A text as a reader takes it in: without case, accents, invisible characters and the differences between letters that look alike.
/// Built character by character with AnyAscii and a table of look-alikes, because <see cref="string.Normalize()"/> does nothing where
/// globalization is invariant, as it is here.
/// </summary>
internal sealed class Folded
{
    private Folded(string text, ImmutableArray<Glyph> glyphs)
    {
        (Text, Glyphs, Tokens) = (text, glyphs, Tokenize(glyphs));
        Words = [.. Tokens.Where(token => token.IsWord).Select(token => token.Text)];
    }

    /// <summary>The original.</summary>
    public string Text { get; }

    public ImmutableArray<Glyph> Glyphs { get; }

    public ImmutableArray<Token> Tokens { get; }

    /// <summary>The words and numbers, without marks.</summary>
    public ImmutableArray<string> Words { get; }

    public static Folded Of(string text)
    {
        var glyphs = ImmutableArray.CreateBuilder<Glyph>(text.Length);
        var at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            Fold(rune, at, glyphs);
            at += rune.Utf16SequenceLength;
        }
        return new Folded(text, glyphs.ToImmutable());
    }

    /// <summary>The folded signs in one string, spaces as spaces.</summary>
    public string Signs() => string.Create(Glyphs.Length, Glyphs, (signs, glyphs) =>
    {
        for (var i = 0; i < signs.Length; i++)
            signs[i] = glyphs[i].Sign;
    });

    /// <summary>The original from one glyph to before another.</summary>
    public string Original(int first, int end) => Text[Glyphs[first].At..(end < Glyphs.Length ? Glyphs[end].At : Text.Length)].Trim();

    private static void Fold(Rune rune, int at, ImmutableArray<Glyph>.Builder glyphs)
    {
        if (Rune.IsWhiteSpace(rune))
        {
            glyphs.Add(new Glyph(' ', GlyphKind.Space, at));
            return;
        }
        if (Scripts.IsInvisible(rune))
            return;
        var upper = Rune.IsUpper(rune);
        if (LookAlikes.Of(rune) is { } alike)
            glyphs.Add(new Glyph(alike, GlyphKind.Letter, at, upper));
        else if (Rune.GetUnicodeCategory(rune) is var category && category == UnicodeCategory.DecimalDigitNumber)
            glyphs.Add(new Glyph((char)('0' + (int)Rune.GetNumericValue(rune)), GlyphKind.Digit, at));
        else if (IsTransliterated(rune, category))
            Transliterate(rune, at, upper, glyphs);
        else if (Rune.IsLetter(rune) || category is UnicodeCategory.SpacingCombiningMark)
            AddLetter(rune, at, glyphs);
        else
            glyphs.Add(new Glyph(MarkOf(rune, category), GlyphKind.Mark, at));
    }

    /// <summary>Letters that have case or derive from such letters, and numbers of every shape; other scripts' letters stay as they are.</summary>
    private static bool IsTransliterated(Rune rune, UnicodeCategory category) => category switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter => true,
        UnicodeCategory.ModifierLetter or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Scripts.Of(rune) != Script.EastAsian,
        UnicodeCategory.OtherLetter => Scripts.Of(rune) == Script.Latin,
        UnicodeCategory.OtherSymbol => Scripts.IsEnclosedLetter(rune),
        _ => false,
    };

    private static void Transliterate(Rune rune, int at, bool upper, ImmutableArray<Glyph>.Builder glyphs)
    {
        var ascii = rune.Value < 0x80 ? rune.ToString() : Transliteration.Transliterate(rune.ToString());
        if (ascii.Length == 0)
            AddLetter(rune, at, glyphs);
        foreach (var sign in ascii)
        {
            if (char.IsAsciiLetter(sign))
                glyphs.Add(new Glyph(char.ToLowerInvariant(sign), GlyphKind.Letter, at, upper || Scripts.IsEnclosedLetter(rune)));
            else if (char.IsAsciiDigit(sign))
                glyphs.Add(new Glyph(sign, GlyphKind.Digit, at));
            else
                glyphs.Add(new Glyph(sign, sign == ' ' ? GlyphKind.Space : GlyphKind.Mark, at));
        }
    }

    private static void AddLetter(Rune rune, int at, ImmutableArray<Glyph>.Builder glyphs)
    {
        foreach (var unit in rune.ToString())
            glyphs.Add(new Glyph(unit, GlyphKind.Letter, at, IsAlone: Scripts.HasNoSpaces(rune)));
    }

    private static char MarkOf(Rune rune, UnicodeCategory category) => rune.Value switch
    {
        >= 0xFF01 and <= 0xFF5E => (char)(rune.Value - 0xFEE0),
        0x2018 or 0x2019 or 0x201B or 0x2032 or 0x00B4 or 0x0060 => '\'',
        0x2212 => '-',
        0x3002 or 0xFF61 or 0x2024 => '.',
        0x066A or 0xFE6A => '%',
        0x00D7 or 0x2715 or 0x2716 => '×',
        _ when category == UnicodeCategory.DashPunctuation => '-',
        _ => rune.IsBmp ? (char)rune.Value : '\uFFFC',
    };

    private static ImmutableArray<Token> Tokenize(ImmutableArray<Glyph> glyphs)
    {
        var tokens = ImmutableArray.CreateBuilder<Token>();
        for (var i = 0; i < glyphs.Length;)
        {
            var first = i++;
            var kind = glyphs[first].Kind;
            if (kind == GlyphKind.Space)
                continue;
            while (i < glyphs.Length && kind != GlyphKind.Mark && glyphs[i].Kind == kind && !glyphs[i].IsAlone && !glyphs[i - 1].IsAlone)
                i++;
            var text = string.Create(i - first, (glyphs, first), (signs, run) =>
            {
                for (var k = 0; k < signs.Length; k++)
                    signs[k] = run.glyphs[run.first + k].Sign;
            });
            tokens.Add(new Token(kind, text, first, i, first > 0 && glyphs[first - 1].Kind != GlyphKind.Space));
        }
        return tokens.ToImmutable();
    }
}
