using System.Globalization;

namespace Flywheel.Cli.Terminals;

/// <summary>Counts in words: 1 campaign, 2 campaigns.</summary>
internal static class Words
{
    /// <param name="count">Shown without decimals, in groups of three digits.</param>
    /// <param name="one">What is counted, of which the plural ends in s.</param>
    public static string Count(double count, string one) => $"{count.ToString("N0", CultureInfo.InvariantCulture)} {one}{(count == 1 ? "" : "s")}";
}
