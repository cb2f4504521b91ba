using Flywheel.Decisions;
using Flywheel.Grains.Replicas;
using Flywheel.Signals;

namespace Flywheel.Silo.Hosting;

/// <summary>
/// Puts the number of decisions served into the log, ten times a second where it changed. The log takes each report once, so the
/// figure is exact but for a crash, which loses at most its last tenth of a second.
/// </summary>
internal sealed class TrafficReporter(CampaignReplica replica, SignalAppender appender, TimeProvider time) : BackgroundService
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
        var taken = new List<(TrafficCounter Counter, long Learned, long Control, Assignment Assignment)>();
        foreach (var campaign in replica.Campaigns)
        {
            foreach (var segment in campaign.Segments)
            {
                foreach (var (channel, counter) in segment.Traffic)
                {
                    if (!counter.TryTake(out var learned, out var control, out var assignment))
                        continue;
                    taken.Add((counter, learned, control, assignment));
                    if (!builders.TryGetValue(segment.Partition, out var builder))
                        builders[segment.Partition] = builder = new EntryBuilder();
                    builder.AddServed(segment.Id, campaign.Rules, campaign.Channels.Utf8(channel), learned, control, assignment);
                }
            }
        }
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var outcome = await appender.AppendAsync([.. builders.Select(pair => new PartitionEntry(pair.Key, 0, pair.Value.Build(now)))]);
        if (outcome == AppendOutcome.Durable)
            return;
        foreach (var (counter, learned, control, assignment) in taken)
            counter.PutBack(learned, control, assignment);
    }
}
