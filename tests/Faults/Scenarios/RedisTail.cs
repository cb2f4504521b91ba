using Flywheel.Faults.Load;
using Flywheel.Faults.Processes;

namespace Flywheel.Faults.Scenarios;

/// <summary>Redis crashes and comes back without its latest writes, as a machine does that lost its page cache.</summary>
public sealed class RedisTail : Scenario
{
    private const int CutBytes = 50_000;

    [Fact]
    public async Task Counts_AfterRedisLostItsTail_AreExactOnceProducersSendAgain()
    {
        await using var cluster = await StartAsync(new ClusterOptions());
        await using var load = await LoadRun.StartAsync(cluster.Silos, new LoadOptions { KeepsBatches = true });
        await load.ReachAsync(0.5);
        load.Probe.IsFaulted = true;
        cluster.Redis.Kill();
        cluster.Redis.CutTail(CutBytes);
        await cluster.Redis.RestartAsync();
        var again = await load.Watch().WorstAsync();
        await load.FinishAsync();

        // Log, offset and counts agree with each other: all that is left in the log is counted, and every ledger balances.
        var counted = await load.CountedAsync();
        var expected = load.Oracle.Segments.Sum(segment => segment.Signals);
        Assert.True(counted <= expected, $"{counted} signals are counted of {expected}");
        await load.SendAgainAsync();

        Judge("Redis loses its tail", $"kill -9, the last {CutBytes:N0} bytes cut off the AOF, everything sent again", load, await load.AuditAsync(), again,
            $"{expected - counted} signals were missing before they were sent again");
    }
}
