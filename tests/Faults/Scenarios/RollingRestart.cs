using System.Diagnostics;
using Flywheel.Faults.Load;
using Flywheel.Faults.Processes;

namespace Flywheel.Faults.Scenarios;

/// <summary>Every silo is asked to end, and started again, as a deployment does.</summary>
public sealed class RollingRestart : Scenario
{
    [Fact]
    public async Task Decisions_WhileSilosAreRestartedInTurn_NeverFail()
    {
        await using var cluster = await StartAsync(new ClusterOptions { Silos = 3 });
        await using var load = await LoadRun.StartAsync(cluster.Silos, new LoadOptions());
        await load.ReachAsync(0.3);
        load.Probe.IsFaulted = true;
        var (worst, slowest) = (TimeSpan.Zero, TimeSpan.Zero);
        for (var round = 0; round < Scale.RollingRounds; round++)
        {
            foreach (var silo in cluster.Silos)
            {
                var asked = Stopwatch.GetTimestamp();
                Assert.Equal(0, await silo.TerminateAsync());
                slowest = Longer(slowest, Stopwatch.GetElapsedTime(asked));
                worst = Longer(worst, await load.Watch().WorstAsync());
                await silo.StartAsync();
                await RecoverAsync(silo);
            }
        }
        await load.FinishAsync();

        Judge("rolling restart", $"SIGTERM each silo in turn, {Scale.RollingRounds} rounds", load, await load.AuditAsync(), worst,
            $"at most {Text(slowest)} from SIGTERM to the end of the process");
        Assert.Equal(0, load.Probe.Failed);
    }
}
