using System.Diagnostics;
using System.Globalization;
using System.Text;
using Flywheel.Client;
using Flywheel.Faults.Load;
using Flywheel.Faults.Processes;

namespace Flywheel.Faults.Scenarios;

/// <summary>
/// Three times as many signals as the silos can take, by the clock and whatever is answered. First it is measured what they can take,
/// accept and count, from senders who never let up.
/// </summary>
public sealed class Overload : Scenario
{
    private const double Times = 3;

    /// <summary>What of that must really have been sent; senders, silos and Redis share the machine.</summary>
    private const double LeastTimes = 2.5;

    private const int Saturating = 16;
    private const long MostMemoryBytes = 1L << 30;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Counts_AfterAnOverload_AreExactAndMemoryIsBounded(bool hasRedis)
    {
        await using var cluster = await StartAsync(new ClusterOptions { HasRedis = hasRedis, MaxBacklog = Scale.OverloadBacklog });
        await using var load = await LoadRun.StartAsync(cluster.Silos, new LoadOptions { Signals = Scale.Signals / 4 });
        await load.ReachAsync(0.5);
        var body = await BodyAsync(cluster.Silos[0].Running, load.Workload.Flooded);
        var (measuring, flood) = (NewFlood(cluster, body), NewFlood(cluster, body));
        load.Probe.IsFaulted = true;
        var capacity = await CapacityAsync(cluster, load, measuring);
        var offering = flood.OfferAsync(Times * capacity, Scale.OverloadOpen, Scale.Overload);
        var memory = await PeakMemoryAsync(cluster, offering);
        var times = await offering / capacity;
        var ended = Stopwatch.GetTimestamp();
        await load.FinishAsync();

        var verdict = await load.AuditAsync(load.Sender.Accepted + measuring.Accepted + flood.Accepted);
        var drain = Stopwatch.GetElapsedTime(ended);
        var flooded = (await cluster.Silos[0].Running.Client.GetScoresAsync(load.Workload.Flooded, Cancel)).Ledger;

        Judge(hasRedis ? "overload" : "overload (embedded)", $"3 × what it can take, {Text(Scale.Overload)}", load, verdict, null,
            string.Create(CultureInfo.InvariantCulture, $"--max-backlog {Scale.OverloadBacklog:N0}; took {capacity:N0} signals a second, was really offered {times:F1} × that and accepted {flood.Accepted / Scale.Overload.TotalSeconds:N0}; requests of 10,000 got {flood.Answers}, {flood.HeldBack} held back; drained in {Text(drain)}, at most {memory >> 20:N0} MB a silo"),
            answersDecisions: false);
        Assert.Equal(FlywheelClient.MaxSignalsPerRequest, flooded.Counted);
        Assert.InRange(memory, 0, MostMemoryBytes);
        Assert.True(flood.Answers.OtherThan(202, 429, 503, SiloAnswer.Lost) == 0, $"Senders got {flood.Answers}.");
        Assert.True(flood.Answers.Of(429) > 0, $"Nobody was told to come back later: senders got {flood.Answers}.");
        Assert.Equal(0, measuring.WithoutRetryAfter + flood.WithoutRetryAfter);
        Assert.True(!Scale.IsLong || times >= LeastTimes, $"Expected an offer of {Times} × what was taken; sent was {times:F2} ×, and {flood.HeldBack} requests were held back.");
    }

    private static SignalFlood NewFlood(Cluster cluster, byte[] body) => new(cluster.Silos, body, FlywheelClient.MaxSignalsPerRequest);

    /// <summary>Impressions of 10,000 decisions, of every segment in turn. Sent over and over they are counted once; the others are told apart from it, which is work too.</summary>
    private static async Task<byte[]> BodyAsync(SiloProcess silo, string campaign)
    {
        var lines = new StringBuilder();
        for (var left = FlywheelClient.MaxSignalsPerRequest; left > 0; left -= FlywheelClient.MaxDecisionsPerRequest)
        {
            var requests = Enumerable.Range(0, FlywheelClient.MaxDecisionsPerRequest).Select(i => new DecisionRequest(campaign) { Segment = Workload.Segments[i % Workload.Segments.Count] }).ToList();
            foreach (var result in await silo.Client.DecideManyAsync(requests, Cancel))
                lines.Append(CultureInfo.InvariantCulture, $$"""{"decisionId":"{{result.Decision!.DecisionId}}","type":"impression"}""").Append('\n');
        }
        return Encoding.UTF8.GetBytes(lines.ToString());
    }

    /// <summary>Signals a second that the silos take, the load's among them: the lesser of what 202s say and what is counted meanwhile.</summary>
    private static async Task<double> CapacityAsync(Cluster cluster, LoadRun load, SignalFlood flood)
    {
        await flood.WarmUpAsync();
        var (acceptedBefore, countedBefore) = (load.Sender.Accepted + flood.Accepted, await CountedAsync(cluster));
        var began = Stopwatch.GetTimestamp();
        await flood.SaturateAsync(Saturating, Scale.OverloadMeasure);
        var (accepted, counted) = (load.Sender.Accepted + flood.Accepted - acceptedBefore, await CountedAsync(cluster) - countedBefore);
        return Math.Min(accepted, counted) / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    /// <summary>What the owners of all partitions have counted, duplicates among it.</summary>
    private static async Task<double> CountedAsync(Cluster cluster)
    {
        var counted = 0.0;
        foreach (var silo in cluster.Silos)
            counted += await Metrics.ReadAsync(silo.Running, "flywheel_ledger_signals", "outcome=\"accepted\"") ?? 0;
        return counted;
    }

    private static async Task<long> PeakMemoryAsync(Cluster cluster, Task overload)
    {
        var peak = 0L;
        while (!overload.IsCompleted)
        {
            peak = Math.Max(peak, cluster.Silos.Max(silo => silo.Running.MemoryBytes));
            await Task.WhenAny(overload, Task.Delay(Look, Cancel));
        }
        await overload;
        return peak;
    }
}
