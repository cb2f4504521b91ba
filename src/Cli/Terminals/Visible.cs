using System.Globalization;

namespace Flywheel.Cli.Terminals;

/// <summary>
/// Text from elsewhere on its way to a person. What would steer a terminal or turn the order of a line around is shown as JSON writes it,
/// <c>\u001b</c>, and does nothing; a JSON document stays the same document.
/// </summary>
internal static class Visible
{
    /// <summary>For a part of a line: line feeds and tabs are shown, too.</summary>
    public static string Of(string text) => Show(text, Steers);

    /// <summary>For whole lines, whose own line feeds and tabs stay.</summary>
    public static string Lines(string text) => Show(text.Replace("\r\n", "\n", StringComparison.Ordinal), c => c is not ('\n' or '\t') && Steers(c));

    /// <summary>C0, DEL, C1 and what overrides or isolates the direction of writing.</summary>
    private static bool Steers(char c) => char.IsControl(c) || c is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');

    private static string Show(string text, Func<char, bool> steers) => text.Any(steers)
        ? string.Concat(text.Select(c => steers(c) ? string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}") : c.ToString()))
        : text;
}
