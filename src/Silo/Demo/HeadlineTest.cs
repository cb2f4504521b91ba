using System.Globalization;
using System.Reflection;
using System.Text;

namespace Flywheel.Silo.Demo;

/// <summary>One of the bundled real headline tests; see <c>headline-tests.md</c> for where they come from.</summary>
internal sealed record HeadlineTest(string Id, IReadOnlyList<Headline> Headlines)
{
    private const string Resource = "Flywheel.Silo.Demo.headline-tests.csv";

    /// <summary>All bundled tests, in the order of the file.</summary>
    public static IReadOnlyList<HeadlineTest> LoadAll()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        reader.ReadLine();
        var rows = new List<(string Test, Headline Headline)>();
        while (reader.ReadLine() is { } line)
            rows.Add(Parse(line));
        return [.. rows.GroupBy(row => row.Test).Select(test => new HeadlineTest(test.Key, [.. test.Select(row => row.Headline)]))];
    }

    /// <summary>test, week, "headline", impressions, clicks: the headline is the one field that may hold commas and quotes.</summary>
    private static (string Test, Headline Headline) Parse(string line)
    {
        var (week, end) = (line.IndexOf(',', StringComparison.Ordinal) + 1, line.LastIndexOf(',', line.LastIndexOf(',') - 1));
        var text = line[(line.IndexOf(',', week) + 1)..end];
        if (text is ['"', .., '"'])
            text = text[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal);
        var counts = line[(end + 1)..].Split(',').Select(count => double.Parse(count, CultureInfo.InvariantCulture)).ToArray();
        return (line[..(week - 1)], new Headline(text, counts[1] / counts[0]));
    }
}
