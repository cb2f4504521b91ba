using Flywheel.Faults.Load;
using Flywheel.Faults.Processes;

namespace Flywheel.Faults.Scenarios;

/// <summary>Silos are killed, one after the other, and come back on what they left.</summary>
public sealed class SiloCrash : Scenario
{
    private static readonly TimeSpan CountsAgainWithin = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Counts_AfterSilosWereKilled_AreExact(bool hasRedis)
    {
        await using var cluster = await StartAsync(new ClusterOptions { HasRedis = hasRedis, Silos = 3 });
        await using var load = await LoadRun.StartAsync(cluster.Silos, new LoadOptions { Signals = Scale.CrashSignals });
        var worst = TimeSpan.Zero;
        for (var kill = 0; kill < Scale.SiloKills; kill++)
        {
            await load.ReachAsync((kill + 1.0) / (Scale.SiloKills + 1));
            load.Probe.IsFaulted = true;
            var silo = cluster.Silos[kill % cluster.Silos.Count];
            await silo.KillAsync();
            var watch = load.Watch();
            if (!hasRedis)
                await silo.StartAsync();
            worst = Longer(worst, await watch.WorstAsync());
            if (hasRedis)
                await silo.StartAsync();
        }
        await load.FinishAsync();

        var verdict = await load.AuditAsync();

        Judge(hasRedis ? "silo crash" : "engine crash (embedded)", $"kill -9, {Scale.SiloKills} times", load, verdict, worst, answersDecisions: hasRedis);
        if (hasRedis)
            WithinWhereLong(CountsAgainWithin, worst, "a killed silo's partitions to count elsewhere");
    }
}
