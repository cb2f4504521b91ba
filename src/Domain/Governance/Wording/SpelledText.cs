using System.Collections.Immutable;
using System.Text;
using Flywheel.Domain.Governance.Copy;

namespace Flywheel.Domain.Governance.Wording;

/// <summary>
/// Reads letters from a place in a text on, over spaces and marks, as someone who wants to see a word in them. It stops after the letters its
/// buffer holds or <see cref="MostGlyphs"/> signs, so that a search from every place stays linear in the text.
/// </summary>
internal ref struct SpelledText
{
    public const char Mask = '*';

    /// <summary>Signs read from one place: the longest form with stretched letters and two marks between all of them, and some.</summary>
    private const int MostGlyphs = 512;

    /// <summary>Equal letters, and spaces or marks, that are kept of a run.</summary>
    private const int MostLetters = 3;
    private const int MostGaps = 2;

    /// <summary>Letters of a piece that spells a word out over spaces where some of it is disguised.</summary>
    private const int LongestPiece = 2;

    /// <summary>Letters from which a disguised word may be split anyhow: no other words add up to it.</summary>
    private const int SplitFrom = 6;

    /// <summary>Asks for the colourful form of the sign before it.</summary>
    private const char EmojiSelector = '\uFE0F';

    private readonly ImmutableArray<Glyph> _glyphs;
    private readonly Spelling _spelling;
    private readonly Span<char> _buffer;
    private readonly int _start;
    private int _length;
    private int _piece;
    private int _longestPiece;
    private bool _hasGap;
    private bool _hasLetter;
    private bool _hasDisguise;

    public SpelledText(ImmutableArray<Glyph> glyphs, int start, Spelling spelling, Span<char> buffer)
    {
        (_glyphs, _start, _spelling) = (glyphs, start, spelling);
        _buffer = buffer;
        Next = StartsWord(glyphs, start) || (spelling == Spelling.Symbols && IsSymbolAt(glyphs, start) && (start == 0 || !glyphs[start - 1].IsWordPart)) ? start : int.MaxValue;
    }

    /// <summary>The glyph after the last that was read.</summary>
    public int Next { get; private set; }

    public readonly ReadOnlySpan<char> Letters => _buffer[.._length];

    /// <summary>True where a word ends after the last glyph read.</summary>
    public readonly bool IsAtEnd => EndsWord(_glyphs, Next - 1);

    /// <summary>
    /// False where it takes too much to see a word: three letters or fewer spread over anything but single letters; or a disguise without a
    /// disguised letter (another spelling reads that), without a true one, or, where it is short and no phrase, over pieces as long as words are.
    /// </summary>
    public readonly bool MayBe(bool phrase)
    {
        var longest = Math.Max(_longestPiece, _piece);
        return _spelling == Spelling.Plain
            ? !_hasGap || phrase || _length > 3 || longest == 1
            : _hasDisguise && _hasLetter && (!_hasGap || phrase || longest <= LongestPiece || _length >= SplitFrom);
    }

    /// <summary>Moves to behind the next letter; false where there is none or no room.</summary>
    public bool Read()
    {
        while (Next < _glyphs.Length && Next - _start < MostGlyphs)
        {
            var glyph = _glyphs[Next];
            var letter = LetterAt(Next);
            Next++;
            if (letter is not { } sign)
            {
                EndPiece();
                continue;
            }
            _piece++;
            _hasLetter |= glyph.Kind == GlyphKind.Letter;
            if (_spelling != Spelling.Plain && IsDisguised(Next - 1))
                _hasDisguise = true;
            if (_spelling != Spelling.Plain && _length > 0 && _buffer[_length - 1] == sign)
                return true;
            if (_length == _buffer.Length)
                return false;
            _buffer[_length++] = sign;
            return true;
        }
        return false;
    }

    /// <summary>The glyphs without the length of runs: stretches of letters and of gaps, which would outrun any reader.</summary>
    public static ImmutableArray<Glyph> Compact(ImmutableArray<Glyph> glyphs)
    {
        var compact = ImmutableArray.CreateBuilder<Glyph>(glyphs.Length);
        var (letters, gaps) = (0, 0);
        foreach (var glyph in glyphs)
        {
            var repeats = compact.Count > 0 && glyph.IsWordPart && compact[^1].Sign == glyph.Sign;
            letters = repeats ? letters + 1 : 1;
            gaps = glyph.IsWordPart ? 0 : gaps + 1;
            if (letters <= MostLetters && gaps <= MostGaps)
                compact.Add(glyph);
        }
        return compact.ToImmutable();
    }

    /// <summary>The spellings worth trying: without anything in it that disguises, a text is what it is.</summary>
    public static ImmutableArray<Spelling> SpellingsOf(ImmutableArray<Glyph> glyphs)
    {
        for (var i = 0; i < glyphs.Length; i++)
        {
            if (IsSymbolAt(glyphs, i) || glyphs[i].Kind == GlyphKind.Digit || IsStretched(glyphs, i) || IsOddCapital(glyphs, i))
                return [Spelling.Plain, Spelling.Symbols, Spelling.Digits];
        }
        return [Spelling.Plain];
    }

    /// <summary>A form as the disguised spellings read it: no letter twice in a row, and those that one digit stands for as one.</summary>
    public static string Bare(string form)
    {
        var bare = new StringBuilder(form.Length);
        foreach (var sign in form.Select(Canonical))
        {
            if (bare.Length == 0 || bare[^1] != sign)
                bare.Append(sign);
        }
        return bare.ToString();
    }

    /// <summary>Words folded and marks as they are written, so that one emoji is not another.</summary>
    public static ImmutableArray<string> Signs(Folded text) =>
        [.. text.Tokens.Select(token => token.Kind == GlyphKind.Mark ? text.Original(token.First, token.End).TrimEnd(EmojiSelector) : token.Text)];

    /// <summary>Words of which asterisks hide some letters, at most half, between others.</summary>
    public static List<string> MaskedWords(ImmutableArray<Glyph> glyphs)
    {
        var words = new List<string>();
        for (var i = 0; i < glyphs.Length;)
        {
            var first = i;
            while (i < glyphs.Length && i - first <= MostGlyphs && (glyphs[i].IsWordPart || glyphs[i].Sign == Mask))
                i++;
            var word = string.Concat(glyphs.AsSpan()[first..i].ToArray().Select(glyph => glyph.Sign)).Trim(Mask);
            if (word.Contains(Mask, StringComparison.Ordinal) && word.Count(sign => sign == Mask) * 2 <= word.Length)
                words.Add(word);
            if (i == first)
                i++;
        }
        return words;
    }

    private void EndPiece()
    {
        _longestPiece = Math.Max(_longestPiece, _piece);
        _piece = 0;
        _hasGap = true;
    }

    private readonly char? LetterAt(int at)
    {
        var glyph = _glyphs[at];
        return glyph.Kind switch
        {
            GlyphKind.Letter => _spelling == Spelling.Plain ? glyph.Sign : Canonical(glyph.Sign),
            GlyphKind.Digit => _spelling == Spelling.Plain ? glyph.Sign : Canonical(glyph.Sign),
            GlyphKind.Mark => _spelling == Spelling.Symbols && IsSymbolAt(_glyphs, at) ? Canonical(glyph.Sign) : null,
            _ => null,
        };
    }

    private readonly bool IsDisguised(int at) => !(_glyphs[at].Kind == GlyphKind.Letter) || IsStretched(_glyphs, at) || IsOddCapital(_glyphs, at);

    /// <summary>The letter that a sign stands for, one for all that the same sign may stand for.</summary>
    private static char Canonical(char sign) => sign switch
    {
        '0' => 'o',
        '1' or 'l' or '!' or '|' or '£' or '¡' => 'i',
        '2' => 'z',
        '3' or '€' => 'e',
        '4' or '@' => 'a',
        '5' or '$' or '§' => 's',
        '6' or '9' => 'g',
        '7' or '+' => 't',
        '8' => 'b',
        '¢' or '(' => 'c',
        _ => sign,
    };

    /// <summary>A symbol that looks like a letter, next to one.</summary>
    private static bool IsSymbolAt(ImmutableArray<Glyph> glyphs, int at) =>
        glyphs[at].Kind == GlyphKind.Mark && Canonical(glyphs[at].Sign) != glyphs[at].Sign
        && ((at > 0 && glyphs[at - 1].IsWordPart) || (at + 1 < glyphs.Length && glyphs[at + 1].IsWordPart));

    private static bool IsStretched(ImmutableArray<Glyph> glyphs, int at) =>
        at >= 2 && glyphs[at].Kind == GlyphKind.Letter && glyphs[at].Sign == glyphs[at - 1].Sign && glyphs[at].Sign == glyphs[at - 2].Sign;

    /// <summary>A capital I for an l, or a small l for a capital I, in the middle of a word.</summary>
    private static bool IsOddCapital(ImmutableArray<Glyph> glyphs, int at) =>
        at > 0 && glyphs[at - 1].Kind == GlyphKind.Letter && glyphs[at].Sign is 'i' or 'l' && glyphs[at].IsUpper != glyphs[at - 1].IsUpper;

    private static bool StartsWord(ImmutableArray<Glyph> glyphs, int at) =>
        glyphs[at].IsWordPart && (at == 0 || !glyphs[at - 1].IsWordPart || IsBorder(glyphs, at));

    private static bool EndsWord(ImmutableArray<Glyph> glyphs, int at) =>
        at == glyphs.Length - 1 || !glyphs[at + 1].IsWordPart || IsBorder(glyphs, at + 1);

    /// <summary>True where a word may begin at a sign that follows another without a gap: "freeShipping", "FREEShipping", "FREEshipping", "2free", scripts without spaces.</summary>
    private static bool IsBorder(ImmutableArray<Glyph> glyphs, int at)
    {
        var (before, here) = (glyphs[at - 1], glyphs[at]);
        return before.Kind != here.Kind || before.IsAlone || here.IsAlone
            || (here.IsUpper && (!before.IsUpper || (at + 1 < glyphs.Length && glyphs[at + 1] is { Kind: GlyphKind.Letter, IsUpper: false })))
            || (!here.IsUpper && at > 1 && before.IsUpper && glyphs[at - 2].IsUpper);
    }
}
