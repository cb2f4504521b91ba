using Flywheel.Abstractions.Partitions;
using Flywheel.Signals;

namespace Flywheel.Silo.Hosting;

/// <summary>Nudges every partition slowly, so that one whose owner died is owned again even if no signal comes.</summary>
internal sealed class PartitionSweep(IGrainFactory grains, ISignalStore store, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            for (var partition = 0; partition < store.Partitions; partition++)
                grains.GetGrain<IPartitionGrain>(partition).NudgeAsync(stoppingToken).Ignore();
        }
    }
}
