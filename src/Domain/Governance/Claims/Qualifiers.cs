using System.Collections.Immutable;

namespace Flywheel.Domain.Governance.Claims;

internal static class Qualifiers
{
    /// <summary>Words of the longest one.</summary>
    private const int MostWords = 3;

    private static readonly ImmutableArray<(string Words, Qualifier Qualifier)> All =
    [
        ("up to", Qualifier.AtMost), ("as much as", Qualifier.AtMost), ("less than", Qualifier.AtMost), ("under", Qualifier.AtMost), ("at most", Qualifier.AtMost),
        ("jusqu a", Qualifier.AtMost), ("moins de", Qualifier.AtMost), ("au plus", Qualifier.AtMost),
        ("at least", Qualifier.AtLeast), ("more than", Qualifier.AtLeast), ("over", Qualifier.AtLeast), ("au moins", Qualifier.AtLeast), ("plus de", Qualifier.AtLeast), ("plus d", Qualifier.AtLeast),
        ("from", Qualifier.From), ("starting at", Qualifier.From), ("a partir de", Qualifier.From),
        ("about", Qualifier.About), ("around", Qualifier.About), ("nearly", Qualifier.About), ("almost", Qualifier.About), ("environ", Qualifier.About), ("pres de", Qualifier.About), ("presque", Qualifier.About),
    ];

    /// <summary>The qualifier right before a term, and the term it begins with; the term itself where there is none.</summary>
    public static (Qualifier Qualifier, int First) Before(ImmutableArray<Term> terms, int at)
    {
        var words = "";
        for (var i = at - 1; i >= 0 && i >= at - MostWords && !terms[i + 1].BeginsClause; i--)
        {
            words = words.Length == 0 ? terms[i].Text : $"{terms[i].Text} {words}";
            foreach (var (known, qualifier) in All)
            {
                if (known == words)
                    return (qualifier, i);
            }
        }
        return (Qualifier.None, at);
    }

    /// <summary>True where a text with the one says no more than a claim with the other.</summary>
    public static bool Allows(Qualifier claim, Qualifier text) =>
        text == claim || (claim == Qualifier.None && text is Qualifier.AtMost or Qualifier.From or Qualifier.About);
}
