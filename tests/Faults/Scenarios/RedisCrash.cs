using System.Diagnostics;
using Flywheel.Faults.Load;
using Flywheel.Faults.Processes;

namespace Flywheel.Faults.Scenarios;

/// <summary>Redis is killed and started again on its files.</summary>
public sealed class RedisCrash : Scenario
{
    private static readonly TimeSpan Away = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Counts_AfterRedisWasKilled_HoldAllThatWasAccepted()
    {
        await using var cluster = await StartAsync(new ClusterOptions());
        await using var load = await LoadRun.StartAsync(cluster.Silos, new LoadOptions());
        var worst = TimeSpan.Zero;
        var wrong = 0;
        for (var kill = 0; kill < Scale.RedisKills; kill++)
        {
            await load.ReachAsync((kill + 1.0) / (Scale.RedisKills + 1));
            load.Probe.IsFaulted = true;
            cluster.Redis.Kill();
            var from = Stopwatch.GetTimestamp();
            await LastAsync(cluster, Away);
            wrong += load.Sender.AcceptedBetween(from, Stopwatch.GetTimestamp());
            await cluster.Redis.RestartAsync();
            worst = Longer(worst, await load.Watch().WorstAsync());
        }
        await load.FinishAsync();

        Judge("Redis crash", $"kill -9, {Scale.RedisKills} times, {Text(Away)} away", load, await load.AuditAsync(), worst);
        Assert.Equal(0, wrong);
    }
}
