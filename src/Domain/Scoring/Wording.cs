using System.Globalization;

namespace Flywheel.Domain.Scoring;

/// <summary>How figures are written for people, in English and French.</summary>
internal static class Wording
{
    /// <summary>The proper French group separator, and the space before a percent sign.</summary>
    public const string NarrowSpace = "\u202f";

    /// <summary>The space before a French colon and inside French quotation marks.</summary>
    public const string HardSpace = "\u00a0";

    public static readonly NumberFormatInfo French = new()
    {
        NumberDecimalSeparator = ",",
        NumberGroupSeparator = NarrowSpace,
        NegativeSign = "−",
    };

    public static readonly NumberFormatInfo English = new() { NegativeSign = "−" };

    /// <param name="language">A language tag: French for <c>fr</c> and its regions, English for every other.</param>
    public static bool IsFrench(string language)
    {
        ArgumentNullException.ThrowIfNull(language);
        return language.Split('-', '_')[0].Equals("fr", StringComparison.OrdinalIgnoreCase);
    }

    public static NumberFormatInfo FormatOf(bool french) => french ? French : English;

    /// <summary>A whole count with its groups.</summary>
    public static string Count(long count, bool french) => count.ToString("N0", FormatOf(french));

    /// <summary>A share in percent, 0.523 as <c>52%</c> and <c>52 %</c>.</summary>
    public static string Percent(double share, bool french) => Rounded(100 * share, 100, french) + (french ? NarrowSpace + "%" : "%");

    /// <summary>An estimate of resonance; 100 is the average, and nothing else is written so.</summary>
    public static string Resonance(double resonance, bool french) => Rounded(resonance, 100, french);

    /// <summary>Words between French quotation marks.</summary>
    public static string Quote(string words) => $"«{HardSpace}{words}{HardSpace}»";

    /// <summary>Whole, unless that would be mistaken for a bound that it is not: then with as many digits as tell them apart, at most four.</summary>
    private static string Rounded(double value, double bound, bool french)
    {
        var digits = 0;
        while (digits < 4 && value != bound && Math.Round(value, digits) == bound)
            digits++;
        return value.ToString("N" + digits, FormatOf(french));
    }
}
