using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Flywheel.Client;
using Flywheel.Faults.Load;
using Flywheel.Faults.Processes;

namespace Flywheel.Faults.Scenarios;

/// <summary>More signals than can be counted, by many senders who never let up.</summary>
public sealed class Overload : Scenario
{
    private const long MostMemoryBytes = 3L << 30;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    private readonly AnswerCounts _answers = new();
    private long _accepted;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Counts_AfterAnOverload_AreExactAndMemoryIsBounded(bool hasRedis)
    {
        await using var cluster = await StartAsync(new ClusterOptions { HasRedis = hasRedis });
        await using var load = await LoadRun.StartAsync(cluster.Silos, new LoadOptions { Signals = Scale.Signals / 4 });
        await load.ReachAsync(0.5);
        load.Probe.IsFaulted = true;
        var body = await BodyAsync(cluster.Silos[0].Running, load.Workload.Flooded);
        var end = Stopwatch.GetTimestamp() + (long)(Scale.Overload.TotalSeconds * Stopwatch.Frequency);
        var senders = Enumerable.Range(0, Scale.OverloadSenders).Select(i => OverloadAsync(cluster.Silos[i % cluster.Silos.Count].Running, body, end));
        var memory = await PeakMemoryAsync(cluster, Task.WhenAll(senders));
        var drained = Stopwatch.GetTimestamp();
        await load.FinishAsync();

        var verdict = await load.AuditAsync(load.Sender.Accepted + _accepted);
        var drain = Stopwatch.GetElapsedTime(drained);
        var flooded = (await cluster.Silos[0].Running.Client.GetScoresAsync(load.Workload.Flooded, Cancel)).Ledger;

        Judge(hasRedis ? "overload" : "overload (embedded)", $"{Scale.OverloadSenders} senders of 10,000 signals at a time, {Text(Scale.Overload)}", load, verdict, null,
            string.Create(CultureInfo.InvariantCulture, $"{_accepted / Scale.Overload.TotalSeconds:N0} signals a second accepted, senders got {_answers}, drained in {Text(drain)}, at most {memory >> 20:N0} MB a silo"),
            answersDecisions: false);
        Assert.Equal(FlywheelClient.MaxSignalsPerRequest, flooded.Counted);
        Assert.InRange(memory, 0, MostMemoryBytes);
        Assert.True(_answers.OtherThan(202, 429, 503, SiloAnswer.Lost) == 0, $"Senders got {_answers}.");
        Assert.True(!Scale.IsLong || _answers.Of(429) > 0, $"Nobody was told to come back later: senders got {_answers}.");
    }

    /// <summary>Impressions of 10,000 decisions. Sent over and over they are counted once, and cost as much as any.</summary>
    private static async Task<byte[]> BodyAsync(SiloProcess silo, string campaign)
    {
        var lines = new StringBuilder();
        for (var left = FlywheelClient.MaxSignalsPerRequest; left > 0; left -= FlywheelClient.MaxDecisionsPerRequest)
        {
            var requests = Enumerable.Repeat(new DecisionRequest(campaign), FlywheelClient.MaxDecisionsPerRequest).ToList();
            foreach (var result in await silo.Client.DecideManyAsync(requests, Cancel))
                lines.Append(CultureInfo.InvariantCulture, $$"""{"decisionId":"{{result.Decision!.DecisionId}}","type":"impression"}""").Append('\n');
        }
        return Encoding.UTF8.GetBytes(lines.ToString());
    }

    private async Task OverloadAsync(SiloProcess silo, byte[] body, long end)
    {
        while (Stopwatch.GetTimestamp() < end)
        {
            var answer = await silo.SendAsync(HttpMethod.Post, "v1/signals", body, SiloCalls.Lines, Timeout);
            _answers.Add(answer.Status);
            if (answer.Status == 202)
                Interlocked.Add(ref _accepted, JsonNode.Parse(answer.Body)!["accepted"]!.GetValue<int>());
        }
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
