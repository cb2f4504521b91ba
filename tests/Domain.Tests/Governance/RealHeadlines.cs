using System.Reflection;

namespace Flywheel.Domain.Tests.Governance;

/// <summary>The headlines that the demo serves, of the Upworthy Research Archive (see <c>src/Silo/Demo/headline-tests.md</c>).</summary>
internal static class RealHeadlines
{
    public static readonly (string Test, string Text)[] All = Load();

    private static (string Test, string Text)[] Load()
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("headline-tests.csv")!);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(Parse)];
    }

    /// <summary>test, week, "headline", impressions, clicks: the headline alone may hold commas and quotes.</summary>
    private static (string Test, string Text) Parse(string line)
    {
        var fields = line.Split(',');
        var text = string.Join(',', fields[2..^2]);
        return (fields[0], text is ['"', .., '"'] ? text[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : text);
    }
}
