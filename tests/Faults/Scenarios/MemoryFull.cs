using System.Globalization;
using System.Text.RegularExpressions;
using Flywheel.Faults.Load;
using Flywheel.Faults.Processes;

namespace Flywheel.Faults.Scenarios;

/// <summary>Redis has no memory left.</summary>
public sealed partial class MemoryFull : Scenario
{
    [Fact]
    public async Task Counts_AfterRedisWasFull_AreExactAndNothingWasEvicted()
    {
        await using var cluster = await StartAsync(new ClusterOptions());
        await using var load = await LoadRun.StartAsync(cluster.Silos, new LoadOptions());
        await load.ReachAsync(0.5);
        load.Probe.IsFaulted = true;
        var used = await InfoAsync(cluster, UsedMemory());
        await SetLimitAsync(cluster, used / 2);
        await Patience.UntilAsync("signals to be refused", () => load.Sender.Answers.Of(429) + load.Sender.Answers.Of(503) > 0, load.Sender.Answers.ToString);
        await Task.Delay(Scale.Stall, Cancel);
        await SetLimitAsync(cluster, 0);
        var again = await load.Watch().WorstAsync();
        await load.FinishAsync();

        Judge("memory full", $"maxmemory below what is used, for {Text(Scale.Stall)}", load, await load.AuditAsync(), again);
        Assert.Equal(0, await InfoAsync(cluster, EvictedKeys()));
    }

    private static async Task SetLimitAsync(Cluster cluster, long bytes) =>
        await cluster.Redis.ExecuteAsync("CONFIG", "SET", "maxmemory", bytes.ToString(CultureInfo.InvariantCulture));

    private static async Task<long> InfoAsync(Cluster cluster, Regex figure) =>
        long.Parse(figure.Match((await cluster.Redis.ExecuteAsync("INFO")).ToString()).Groups[1].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex("used_memory:([0-9]+)")]
    private static partial Regex UsedMemory();

    [GeneratedRegex("evicted_keys:([0-9]+)")]
    private static partial Regex EvictedKeys();
}
