using System.Globalization;
using Flywheel.Faults.Load;
using Flywheel.Faults.Processes;

namespace Flywheel.Faults.Scenarios;

/// <summary>Redis has done what it was asked, and the silo never hears of it.</summary>
public sealed class LostReply : Scenario
{
    [Fact]
    public async Task Counts_WhereRepliesWereLostAfterTheCommit_AreExact()
    {
        await using var cluster = await StartAsync(new ClusterOptions { HasProxies = true });
        await using var load = await LoadRun.StartAsync(cluster.Silos, new LoadOptions());
        for (var loss = 0; loss < Scale.LostReplies; loss++)
        {
            await load.ReachAsync((loss + 1.0) / (Scale.LostReplies + 1));
            load.Probe.IsFaulted = true;
            foreach (var proxy in cluster.Proxies)
                proxy.LoseReplies(1, "EVAL"u8);
        }
        await load.FinishAsync();

        var lost = cluster.Proxies.Sum(proxy => proxy.LostReplies);
        Judge("lost reply", string.Create(CultureInfo.InvariantCulture, $"{lost} connections cut once a script's reply was there"), load, await load.AuditAsync());
        Assert.InRange(lost, Scale.LostReplies, int.MaxValue);
    }
}
