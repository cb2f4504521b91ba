using System.Diagnostics;
using Flywheel.Faults.Load;
using Flywheel.Faults.Processes;

namespace Flywheel.Faults.Scenarios;

/// <summary>An owner stands still until the others have declared it dead, then goes on as if nothing had been.</summary>
public sealed class FrozenOwner : Scenario
{
    private static readonly TimeSpan CountsAgainWithin = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Counts_AfterAnOwnerStoodStill_AreExact()
    {
        await using var cluster = await StartAsync(new ClusterOptions { Silos = 3 });
        await using var load = await LoadRun.StartAsync(cluster.Silos, new LoadOptions());
        await load.ReachAsync(0.3);
        var owner = await BusiestAsync(cluster);
        load.Probe.IsFaulted = true;
        await owner.Running.FreezeAsync();
        var frozen = Stopwatch.StartNew();

        var again = await load.Watch().WorstAsync();
        if (Scale.Freeze > frozen.Elapsed)
            await Task.Delay(Scale.Freeze - frozen.Elapsed, Cancel);
        await owner.Running.ThawAsync();
        await RecoverAsync(owner);
        await load.FinishAsync();

        Judge("frozen owner", $"SIGSTOP {Text(frozen.Elapsed)}, SIGCONT", load, await load.AuditAsync(), again);
        WithinWhereLong(CountsAgainWithin, again, "a frozen silo's partitions to count elsewhere");
    }

    private static async Task<Member> BusiestAsync(Cluster cluster)
    {
        var owned = new Dictionary<Member, double>();
        foreach (var silo in cluster.Silos)
            owned[silo] = await Metrics.ReadAsync(silo.Running, "flywheel_partition_owned") ?? 0;
        return owned.MaxBy(each => each.Value).Key;
    }
}
