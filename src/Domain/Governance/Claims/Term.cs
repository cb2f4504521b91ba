using System.Collections.Immutable;
using Flywheel.Domain.Governance.Copy;

namespace Flywheel.Domain.Governance.Claims;

/// <summary>A word or a run of digits, with the marks around it.</summary>
/// <param name="Text">Folded.</param>
/// <param name="IsNumber">True for digits.</param>
/// <param name="Before">The marks between it and the term before, without spaces.</param>
/// <param name="IsGlued">True where nothing is between them.</param>
/// <param name="First">Its first glyph.</param>
/// <param name="End">The glyph after its last.</param>
internal readonly record struct Term(string Text, bool IsNumber, string Before, bool IsGlued, int First, int End)
{
    /// <summary>True where a clause begins here: what is before belongs to another one.</summary>
    public bool BeginsClause => Before.Any(mark => mark is '.' or '!' or '?' or ';' or ':' or ',' or '(' or ')' or '…');

    public bool IsHyphenated => Before == "-";

    /// <summary>The terms of a text, and behind them one without text that holds the marks at the end.</summary>
    public static ImmutableArray<Term> Of(Folded text)
    {
        var terms = ImmutableArray.CreateBuilder<Term>();
        var before = "";
        var glued = false;
        foreach (var token in text.Tokens)
        {
            if (token.IsWord)
            {
                terms.Add(new Term(token.Text, token.Kind == GlyphKind.Digit, before, glued && before.Length == 0 && token.IsGlued, token.First, token.End));
                (before, glued) = ("", true);
            }
            else
            {
                before += token.Text;
            }
        }
        terms.Add(new Term("", false, before, false, text.Glyphs.Length, text.Glyphs.Length));
        return terms.ToImmutable();
    }
}
