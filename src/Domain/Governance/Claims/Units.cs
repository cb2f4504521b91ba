using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Flywheel.Domain.Governance.Claims;

/// <summary>What a figure counts, the same for French and English words; empty for what has no unit here.</summary>
internal static class Units
{
    public const string Times = "times";

    private const string Percent = "percent";

    private static readonly FrozenDictionary<string, string> ByWord = new (string Unit, string Words)[]
    {
        (Percent, "percent pct pourcent percents"),
        ("€", "euro euros eur"),
        ("$", "dollar dollars usd buck bucks"),
        ("£", "gbp sterling quid"),
        ("second", "second seconds seconde secondes sec secs"),
        ("minute", "minute minutes min mins mn"),
        ("hour", "hour hours heure heures h hr hrs"),
        ("day", "day days jour jours j"),
        ("night", "night nights nuit nuits"),
        ("week", "week weeks semaine semaines"),
        ("month", "month months mois"),
        ("year", "year years an ans annee annees yr yrs"),
        (Times, "x times fois"),
    }.SelectMany(entry => entry.Words.Split(' ').Select(word => (word, entry.Unit))).ToFrozenDictionary(entry => entry.word, entry => entry.Unit);

    /// <summary>The unit that follows a figure, and the term behind it. Letters that touch the digits are a unit, whatever they are.</summary>
    public static (string Unit, int End) After(ImmutableArray<Term> terms, int next)
    {
        var term = terms[next];
        if (term.Before.StartsWith('%') || term.Before.StartsWith('‰'))
            return (Percent, next);
        if (Currency(term.Before, fromEnd: false) is { Length: > 0 } currency)
            return (currency, next);
        if (term.Before.StartsWith('×'))
            return (Times, next);
        if (term.Before.Length > 0 && !term.IsHyphenated)
            return ("", next);
        if (term.Text is "per" or "pour" && next + 1 < terms.Length && terms[next + 1] is { Before: "", Text: "cent" })
            return (Percent, next + 2);
        if (ByWord.TryGetValue(term.Text, out var unit))
            return (unit, next + 1);
        return term.IsGlued && term.Text.Length > 0 && !IsOrdinal(term.Text) ? (term.Text, next + 1) : ("", next);
    }

    /// <summary>False for letters that merely touch the digits.</summary>
    public static bool IsKnown(string unit) => ByWord.Values.Contains(unit) || unit == "¥";

    /// <summary>The currency at an end of the marks around a figure; empty where there is none.</summary>
    public static string Currency(string marks, bool fromEnd) => marks.Length == 0 ? "" : (fromEnd ? marks[^1] : marks[0]) switch
    {
        '€' => "€",
        '$' => "$",
        '£' => "£",
        '¥' => "¥",
        _ => "",
    };

    /// <summary>What digits end with where they rank: "2nd", « 1er ».</summary>
    public static bool IsOrdinal(string word) => word is "st" or "nd" or "rd" or "th" or "er" or "re" or "ere" or "e" or "eme" or "emes" or "es";
}
