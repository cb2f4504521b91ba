using Microsoft.Extensions.Hosting;

namespace Flywheel.Grains.Replicas;

/// <summary>Has this silo learn once a minute how much effects vary across its campaigns, apart from all refits.</summary>
public sealed class WidthLoop(CampaignReplica replica, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            replica.LearnWidths();
    }
}
