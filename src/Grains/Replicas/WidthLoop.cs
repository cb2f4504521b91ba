using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Flywheel.Grains.Replicas;

/// <summary>Has this silo learn once a minute how much effects vary across its campaigns, apart from all refits.</summary>
public sealed partial class WidthLoop(CampaignReplica replica, TimeProvider time, ILogger<WidthLoop> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                replica.LearnWidths();
            }
            catch (Exception e)
            {
                LogFailed(e);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not learn how much effects vary; what was known is used, and it is tried again")]
    private partial void LogFailed(Exception exception);
}
