namespace Flywheel.Silo.Tests.Exports;

/// <summary>CSV without quotes, by column.</summary>
internal static class Csv
{
    public static IReadOnlyList<IReadOnlyDictionary<string, string?>> Read(string text)
    {
        var lines = text.Split('\n');
        Assert.Equal("", lines[^1]);
        var names = lines[0].Split(',');
        return [.. lines[1..^1].Select(line =>
        {
            var cells = line.Split(',');
            Assert.Equal(names.Length, cells.Length);
            return names.Zip(cells).ToDictionary(pair => pair.First, pair => pair.Second.Length == 0 ? null : pair.Second);
        })];
    }

    /// <summary>Rows of a format that tells an empty text from none, as CSV has them.</summary>
    public static IEnumerable<string> Lines(this IEnumerable<IReadOnlyDictionary<string, string?>> rows) =>
        rows.Select(row => string.Join(';', row.OrderBy(cell => cell.Key, StringComparer.Ordinal).Select(cell => $"{cell.Key}={cell.Value}")));
}
