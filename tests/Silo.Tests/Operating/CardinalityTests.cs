using System.Text.RegularExpressions;

namespace Flywheel.Silo.Tests.Operating;

/// <summary>What callers send never makes a series.</summary>
public sealed partial class CardinalityTests : IAsyncLifetime
{
    /// <summary>What docs/operations.md promises of one silo with 16 partitions.</summary>
    private const int MostSeries = 1_500;

    private const int NamedCampaigns = 50;

    private static readonly HashSet<string> Labels =
    [
        "le", "reason", "outcome", "partition", "writer", "task", "kind", "campaign", "group", "grain_type", "generation", "tool", "table",
    ];

    private readonly Engine _engine = new();

    public ValueTask InitializeAsync() => _engine.InitializeAsync();

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task Metrics_ManyCampaignsSegmentsModulesUnitsAndKeys_AreOfBoundedNumberAndTellNoNames()
    {
        await DriveAsync(from: 0, NamedCampaigns + 5);
        var first = await SeriesAsync();

        await DriveAsync(from: NamedCampaigns + 5, 70);
        var second = await Eventually.ReadsAsync(SeriesAsync, series => Value(series, "flywheel_campaigns") >= NamedCampaigns + 75, "all campaigns", series => Value(series, "flywheel_campaigns"));

        Assert.InRange(second.Count, 300, MostSeries);
        // Grains of a type that was not there before may have become active; nothing else may.
        Assert.Equal(Names(first), Names(second));
        Assert.Equal(NamedCampaigns + 1, second.Select(line => Campaign().Match(line).Groups[1].Value).Where(name => name.Length > 0).Distinct().Count());
        Assert.All(second, line =>
        {
            Assert.Subset(Labels, Label().Matches(line).Select(match => match.Groups[1].Value).ToHashSet());
            foreach (var sent in (string[])["unit-", "seg-", "key-", "made-up", "Text "])
                Assert.DoesNotContain(sent, line, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Metrics_CampaignDeleted_LosesItsSeriesAndGivesItsPlaceToAnother()
    {
        await DriveAsync(from: 0, NamedCampaigns + 1);
        var gone = Campaign().Matches(string.Join('\n', await SeriesAsync())).Select(match => match.Groups[1].Value).First(name => name.StartsWith("many-", StringComparison.Ordinal));

        (await _engine.Api.DeleteAsync($"/v1/campaigns/{gone}")).Expect(204);

        await Eventually.ReadsAsync(SeriesAsync, series => !series.Any(line => line.Contains($"\"{gone}\"", StringComparison.Ordinal) || line.Contains("(other)", StringComparison.Ordinal)),
            $"no series of {gone}, and none of (other)");
    }

    [Fact]
    public async Task Metrics_BeforeAnythingHappens_HoldEverySeriesThatEventsWouldRaise()
    {
        var series = await SeriesAsync();

        foreach (var expected in (string[])
        [
            "flywheel_decisions_total{reason=\"fallback\"} 0", "flywheel_signals_total{outcome=\"away\"} 0", "flywheel_signals_total{outcome=\"rejected\"} 0",
            "flywheel_served_rows_total{outcome=\"busy\"} 0", "flywheel_proposals_total{outcome=\"blocked\"} 0", "flywheel_trials_total{outcome=\"rolledBack\"} 0",
            "flywheel_writing_total{writer=\"model\",outcome=\"failed\"} 0", "flywheel_reviews_total{outcome=\"done\"} 0",
            "flywheel_model_failures_total{task=\"write\",kind=\"timeout\"} 0", "flywheel_decision_seconds_count 0",
            "flywheel_ofrep_requests_total{outcome=\"invalid\"} 0", "flywheel_cloudevents_total{outcome=\"rejected\"} 0", "flywheel_campaign_documents_rejected_total{reason=\"tenant\"} 0",
        ])
            Assert.Contains(expected, series);
        foreach (var name in (string[])
        [
            "flywheel_orleans_app_requests_latency_seconds_count ", "flywheel_orleans_app_requests_timedout_total ", "flywheel_orleans_storage_write_latency_seconds_count ",
            "flywheel_orleans_storage_read_errors_total ", "flywheel_orleans_messaging_pings_sent_total ", "flywheel_orleans_catalog_activations{",
            "flywheel_orleans_scheduler_long_running_turns_total ", "flywheel_orleans_runtime_available_memory_bytes ", "flywheel_kestrel_active_connections ",
        ])
            Assert.Contains(series, line => line.StartsWith(name, StringComparison.Ordinal));
    }

    /// <summary>Names end in their unit, and what only rises in _total, as Prometheus' own guide asks for.</summary>
    [Fact]
    public async Task Metrics_Names_KeepPrometheusConventions()
    {
        var types = (await _engine.Api.GetAsync("/metrics")).Expect(200).Text.Split('\n').Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(line => line.Split(' ')).ToList();

        Assert.NotEmpty(types);
        Assert.All(types, type =>
        {
            var (name, kind) = (type[2], type[3]);
            Assert.Matches("^(flywheel|process|dotnet)_[a-z0-9_]+$", name);
            Assert.True(kind != "counter" || name.EndsWith("_total", StringComparison.Ordinal), $"{name} is a counter; expected a name that ends in _total.");
            Assert.True(kind == "counter" || name.StartsWith("process_", StringComparison.Ordinal) || !name.EndsWith("_total", StringComparison.Ordinal), $"{name} is a {kind}; expected a name without _total.");
            Assert.True(kind != "histogram" || name.EndsWith("_seconds", StringComparison.Ordinal) || name.EndsWith("_bytes", StringComparison.Ordinal), $"{name} is a histogram; expected its unit in the name.");
            Assert.DoesNotMatch("(milliseconds|_ms|_kb|_mb|percent)", name);
        });
    }

    private static double Value(List<string> series, string name) =>
        double.Parse(series.Single(line => line.StartsWith(name + " ", StringComparison.Ordinal))[(name.Length + 1)..], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Series without their values.</summary>
    private static SortedSet<string> Names(IEnumerable<string> series) =>
        new(series.Select(line => line[..line.LastIndexOf(' ')]).Where(name => !name.Contains("grain_type", StringComparison.Ordinal) && !name.Contains("campaign=\"many-", StringComparison.Ordinal)), StringComparer.Ordinal);

    private async Task DriveAsync(int from, int campaigns)
    {
        foreach (var id in Enumerable.Range(from, campaigns).Select(i => $"many-{i}"))
        {
            (await _engine.Api.PutAsync($"/v1/campaigns/{id}", Wire.Campaign([5, 3], $"\"segments\":[{Wire.Segments(4)}]"))).Expect(201);
            var decisions = await _engine.Api.DecideManyAsync(id, 20, i => $"\"segment\":\"seg-{i % 4 + 1}\",\"unit\":\"unit-{id}-{i}\"");
            var signals = decisions.SelectMany((decision, i) => (string[])[Wire.Signal(decision, "impression"), Wire.Signal(decision, $"made-up-{i}", $"key-{id}-{i}")]);
            await _engine.Api.PostAsync("/v1/signals", Wire.Array(signals));
            await _engine.Api.PostAsync("/v1/signals", Wire.Signal($"made-up-{id}", "impression"));
        }
    }

    private async Task<List<string>> SeriesAsync() =>
        [.. (await _engine.Api.GetAsync("/metrics")).Expect(200).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#')];

    [GeneratedRegex("[{,]campaign=\"([^\"]*)\"")]
    private static partial Regex Campaign();

    [GeneratedRegex("[{,]([a-zA-Z_]+)=\"")]
    private static partial Regex Label();
}
