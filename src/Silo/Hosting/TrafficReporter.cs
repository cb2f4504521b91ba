using Flywheel.Grains.Replicas;
using Flywheel.Signals;

namespace Flywheel.Silo.Hosting;

/// <summary>
/// Puts the number of decisions served into the log, ten times a second where it changed, as absolute figures of this process
/// run: lost or repeated reports do no harm, and a crash loses at most the last tenth of a second of this one figure.
/// </summary>
internal sealed class TrafficReporter(CampaignReplica replica, SignalAppender appender, Issuer issuer, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(100);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await ReportAsync();
        }
        catch (OperationCanceledException)
        {
            await ReportAsync();
        }
    }

    private async Task ReportAsync()
    {
        var builders = new Dictionary<int, EntryBuilder>();
        foreach (var campaign in replica.Campaigns)
        {
            foreach (var segment in campaign.Segments)
            {
                foreach (var (channel, counter) in segment.Traffic)
                {
                    if (!counter.TryTakeChange(out var learned, out var control))
                        continue;
                    if (!builders.TryGetValue(segment.Partition, out var builder))
                        builders[segment.Partition] = builder = new EntryBuilder();
                    builder.AddServed(segment.Id, campaign.Rules, issuer.Id, campaign.Channels.Utf8(channel), learned, control);
                }
            }
        }
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        await appender.AppendAsync([.. builders.Select(pair => new PartitionEntry(pair.Key, 0, pair.Value.Build(now)))]);
    }
}
