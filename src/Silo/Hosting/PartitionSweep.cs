using Flywheel.Abstractions.Partitions;
using Flywheel.Signals;

namespace Flywheel.Silo.Hosting;

/// <summary>Nudges every partition slowly, so that one whose owner died is owned again even if no signal comes.</summary>
internal sealed partial class PartitionSweep(IGrainFactory grains, ISignalStore store, TimeProvider time, ILogger<PartitionSweep> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                for (var partition = 0; partition < store.Partitions; partition++)
                    grains.GetGrain<IPartitionGrain>(partition).NudgeAsync(stoppingToken).Ignore();
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(e);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not look after the partitions; trying again")]
    private partial void LogFailed(Exception exception);
}
