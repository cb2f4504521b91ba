using System.Text.Json.Nodes;
using Flywheel.Silo.Tests.Kafka;

namespace Flywheel.Silo.Tests.Operating;

/// <summary>A silo in a process of its own that decides, counts, reads a topic, writes files, and has written, and a real Prometheus that watches it.</summary>
public sealed class WatchedEngine : IAsyncLifetime
{
    private const int Batch = 20;
    private const int Scrapes = 15;
    private const string Topic = "shop-signals";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly TempFolder _data = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly MockCluster _cluster = new();
    private EngineProcess? _engine;
    private PrometheusServer? _prometheus;
    private Task _load = Task.CompletedTask;

    /// <summary>Skips the test where Prometheus is missing: a fixture cannot.</summary>
    internal PrometheusServer Prometheus
    {
        get
        {
            Assert.SkipWhen(_prometheus is null, "prometheus is missing; test.sh installs it (Debian: apt-get install prometheus)");
            return _prometheus;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (PrometheusServer.IsMissing)
            return;
        _engine = await EngineProcess.StartAsync(_data, [.. _cluster.Options(_data, Topic), "--export-dir", _data.File("exports"), "--export-every", "00:00:05"]);
        _prometheus = await PrometheusServer.StartAsync(_engine.Api.Http.BaseAddress!.Authority);
        await WaitAsync(1);
        (await _engine.Api.PutAsync("/v1/campaigns/spring", Wire.Spring)).Expect(201);
        await _cluster.SendAsync(Topic, Wire.Observed("spring", "first", "impression"));
        await _engine.Api.MetricAsync("flywheel_kafka_partitions", partitions => partitions == MockCluster.Partitions, "all");
        _load = LoadAsync(_engine.Api);
        (await _engine.Api.PostAsync("/v1/campaigns/spring/slots/headline/refresh", "")).Expect(202);
        var proposal = await Eventually.ReadsAsync(
            async () => (await _engine.Api.GetAsync("/v1/campaigns/spring/proposals")).Expect(200).Json["proposals"]!.AsArray(), proposals => proposals.Count > 0, "a proposal");
        (await _engine.Api.PostAsync($"/v1/campaigns/spring/proposals/{proposal[0]!["id"]}/approve", "")).Expect(200);
        await WaitAsync(Scrapes);
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _load;
        if (_prometheus is not null)
            await _prometheus.DisposeAsync();
        if (_engine is not null)
            await _engine.DisposeAsync();
        _ending.Dispose();
        _cluster.Dispose();
        _data.Dispose();
    }

    private Task<JsonArray> WaitAsync(int scrapes) => Eventually.ReadsAsync(
        () => Prometheus.QueryAsync("sum_over_time(up{job=\"flywheel\"}[10m])"),
        result => result.Count == 1 && double.Parse(result[0]!["value"]![1]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture) >= scrapes,
        $"{scrapes} scrapes that succeeded", result => result.ToJsonString(), Eventually.Patience * 2);

    private async Task LoadAsync(Api api)
    {
        var random = new Random(8);
        for (var round = 0; !_ending.IsCancellationRequested; round++)
        {
            var decisions = await api.DecideManyAsync("spring", Batch, i => $"\"unit\":\"unit-{round}-{i}\"");
            var signals = decisions.Select(decision => Wire.Signal(decision, "impression")).Concat(decisions.Where(_ => random.Next(4) == 0).Select(decision => Wire.Signal(decision, "click")));
            (await api.PostAsync("/v1/signals", Wire.Array(signals))).Expect(202);
            await _cluster.SendAsync(Topic, Wire.Signal(decisions[0], "click"));
            await Task.Delay(Pause, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
