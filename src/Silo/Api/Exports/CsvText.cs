using System.Buffers;

namespace Flywheel.Silo.Api.Exports;

/// <summary>Cells of CSV (RFC 4180).</summary>
internal static class CsvText
{
    private static readonly SearchValues<char> Quoted = SearchValues.Create(",\"\r\n");

    /// <summary>In quotes where it has to be.</summary>
    public static string Quote(string text) => text.AsSpan().ContainsAny(Quoted) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;

    /// <summary>Spreadsheets take what begins so for a formula, and run it: an apostrophe comes before it.</summary>
    public static string Defuse(string text) => text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n' ? "'" + text : text;
}
