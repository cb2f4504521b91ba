using System.Globalization;
using System.Text;
using Flywheel.Client;
using Flywheel.Faults.Load;
using Flywheel.Faults.Processes;

namespace Flywheel.Faults.Scenarios;

/// <summary>Duplicates, late, reordered and poison, 10 % each; and one decision with more signals than can be told apart.</summary>
public sealed class BadSignals : Scenario
{
    /// <summary>More than the 100,000 ids that are remembered of one decision.</summary>
    private const int Flood = 101_000;
    private const int FloodBatch = 5_000;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ledger_OfSignalsGoneWrong_Balances(bool hasRedis)
    {
        await using var cluster = await StartAsync(new ClusterOptions { HasRedis = hasRedis });
        await using var load = await LoadRun.StartAsync(cluster.Silos, new LoadOptions { Mix = Mix.Bad });
        await load.ReachAsync(0.3);
        load.Probe.IsFaulted = true;
        await FloodAsync(cluster.Silos[0].Running, load);
        // The flooded decision's partition goes on with the rest.
        var again = await load.Watch().WorstAsync();
        await load.FinishAsync();

        var verdict = await load.AuditAsync();
        var flooded = (await FloodedAsync(cluster, load)).Ledger;

        Judge(hasRedis ? "bad signals" : "bad signals (embedded)", "10 % duplicates, late, reordered and poison; 101,000 signals for one decision", load, verdict, again,
            string.Create(CultureInfo.InvariantCulture, $"{flooded.Quarantined} of the one decision quarantined"));
        Assert.InRange(flooded.Quarantined, 1, Flood);
    }

    private static async Task FloodAsync(SiloProcess silo, LoadRun load)
    {
        var decision = await silo.Client.DecideAsync(new DecisionRequest(load.Workload.Flooded), Cancel);
        foreach (var ids in Enumerable.Range(0, Flood).Chunk(FloodBatch))
        {
            var lines = string.Join('\n', ids.Select(id => $$"""{"decisionId":"{{decision!.DecisionId}}","type":"conversion","id":"{{id}}"}"""));
            await load.Sender.SendAsync(new SignalBatch(Encoding.UTF8.GetBytes(lines), ids.Length, 0, []), Cancel);
        }
    }

    /// <summary>The flooded campaign's scores, once all of the flood is in its ledger.</summary>
    private static async Task<Scores> FloodedAsync(Cluster cluster, LoadRun load)
    {
        Scores? scores = null;
        await Patience.UntilAsync(
            "the flood to be in the ledger",
            async () =>
            {
                scores = await cluster.Silos[0].Running.Client.GetScoresAsync(load.Workload.Flooded, Cancel);
                return scores.Ledger.Counted + scores.Ledger.Quarantined >= Flood && scores.Segments.Sum(segment => segment.Reward) == Workload.Cap;
            },
            () => $"{scores?.Ledger}");
        return scores!;
    }
}
