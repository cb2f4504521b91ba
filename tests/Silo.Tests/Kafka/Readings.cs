using System.Globalization;

namespace Flywheel.Silo.Tests.Kafka;

/// <summary>What an engine that reads from Kafka says of itself, and signals that it may read.</summary>
internal static class Readings
{
    public const string Campaign = "spring";

    private const int Segments = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    /// <summary>A campaign whose segments lie in several partitions of the log.</summary>
    public static string Document => Wire.Campaign([2], $"\"segments\":[{Wire.Segments(Segments)}]");

    /// <summary>An impression that another system served, without an id.</summary>
    public static string Impression(int segment = 0, string rest = "") =>
        $$"""{"campaign":"{{Campaign}}","segment":"seg-{{(segment % Segments) + 1}}","modules":{"headline":"h1"},"type":"impression"{{rest}}}""";

    /// <summary>Messages of one to three signals each, of different segments.</summary>
    public static IEnumerable<string> Messages(int many, int first = 0) =>
        Enumerable.Range(first, many).Select(i => Wire.Array(Enumerable.Range(0, (i % 3) + 1).Select(signal => Impression(i + signal))));

    /// <summary>How many signals <see cref="Messages"/> holds.</summary>
    public static long SignalsOf(int many) => Enumerable.Range(0, many).Sum(i => (long)(i % 3) + 1);

    /// <summary>Waits until exactly so many signals were accepted, each counted, and as many impressions.</summary>
    public static async Task CountsAsync(this Api api, long signals)
    {
        var scores = await Eventually.ReadsAsync(() => api.ScoresAsync(Campaign), scores => scores.Ledger.Accepted >= signals, $"{signals} signals", scores => scores.Ledger, Patience);
        Assert.Equal((signals, signals, 0), (scores.Ledger.Accepted, scores.Ledger.Counted, scores.Ledger.Duplicate));
        Assert.Equal(signals, scores.Segments.Sum(segment => segment.Slots.Sum(slot => slot.Modules.Sum(module => module.Observed?.Impressions ?? 0))));
    }

    public static async Task<double> MetricAsync(this Api api, string series)
    {
        var line = (await api.GetAsync("/metrics")).Expect(200).Text.Split('\n').SingleOrDefault(line => line.StartsWith($"{series} ", StringComparison.Ordinal));
        Assert.True(line is not null, $"Expected a series {series}; came none.");
        return double.Parse(line[(series.Length + 1)..], CultureInfo.InvariantCulture);
    }

    /// <summary>Waits until a series holds.</summary>
    public static Task MetricAsync(this Api api, string series, Func<double, bool> holds, string expected) =>
        Eventually.ReadsAsync(() => api.MetricAsync(series), holds, $"{series} {expected}", patience: Patience);
}
