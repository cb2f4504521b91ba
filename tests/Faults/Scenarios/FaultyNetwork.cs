using Flywheel.Faults.Load;
using Flywheel.Faults.Processes;

namespace Flywheel.Faults.Scenarios;

/// <summary>The way from one silo to Redis is slow, then cut, then swallows everything.</summary>
public sealed class FaultyNetwork : Scenario
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(50);

    [Fact]
    public async Task Counts_WhereOneSilosWayToRedisFailed_AreExact()
    {
        await using var cluster = await StartAsync(new ClusterOptions { Silos = 3, HasProxies = true });
        await using var load = await LoadRun.StartAsync(cluster.Silos, new LoadOptions());
        await load.ReachAsync(0.3);
        load.Probe.IsFaulted = true;
        var worst = TimeSpan.Zero;
        foreach (var (silo, proxy) in cluster.Silos.Zip(cluster.Proxies))
        {
            await StrikeAsync(proxy, true);
            await Task.Delay(Scale.Stall, Cancel);
            await StrikeAsync(proxy, false);
            worst = Longer(worst, await load.Watch().WorstAsync());
            await RecoverAsync(silo);
        }
        await load.FinishAsync();

        Judge("faulty network", $"{Text(Scale.Stall)} each: one silo's Redis {Delay.TotalMilliseconds} ms away, another's cut off, a third's silent", load, await load.AuditAsync(), worst);

        Task StrikeAsync(TestKit.FaultProxy proxy, bool isOn)
        {
            if (proxy == cluster.Proxies[0])
                proxy.Delay = isOn ? Delay : TimeSpan.Zero;
            else if (proxy == cluster.Proxies[1])
                proxy.IsCut = isOn;
            else
                proxy.IsSilent = isOn;
            return Task.CompletedTask;
        }
    }
}
