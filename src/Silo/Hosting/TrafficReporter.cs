using System.Buffers.Binary;
using System.Security.Cryptography;
using Flywheel.Grains.Replicas;
using Flywheel.Signals;

namespace Flywheel.Silo.Hosting;

/// <summary>
/// Puts the number of decisions served into the log, ten times a second where it changed, and down to once a second where it changed in
/// thousands of segments. The figure is exact but for a crash, which loses at most what came since the last report: a report whose
/// outcome is unknown is sent again as it was, until it is known to have landed, and the log takes it once. Meanwhile the counters
/// gather what comes next.
/// </summary>
/// <remarks>
/// The log knows a report again by its producer and sequence, so reports have a producer of their own: no other append may come
/// between two attempts. It remembers a producer for a day; that long an outcome may stay unknown.
/// </remarks>
internal sealed class TrafficReporter(CampaignReplica replica, ISignalStore store, PartitionNudge nudge, FlywheelOptions options, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(100);

    /// <summary>Each of them is counted, fitted and told of; a report of more is followed by a longer pause.</summary>
    private const int SegmentsATick = 200;

    private const int MostTicks = 10;

    /// <summary>How long the end of the process waits for the last reports.</summary>
    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(4);

    private readonly ulong _producer = BinaryPrimitives.ReadUInt64BigEndian(RandomNumberGenerator.GetBytes(sizeof(ulong)));
    private long _sequence;

    /// <summary>The report that is not known to have landed; the next one waits for it.</summary>
    private AppendBatch? _report;
    private Task? _append;

    private int _ticksToWait;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (--_ticksToWait <= 0)
                    await ReportAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The one that is under way, and what was served since.
            using var patience = new CancellationTokenSource(LastPatience, time);
            await ReportAsync(patience.Token);
            await ReportAsync(patience.Token);
        }
    }

    private async Task ReportAsync(CancellationToken cancellationToken)
    {
        if (_append is null && (store.Trouble is not null || store.Backlog > options.MaxBacklog))
            return;
        _report ??= Take();
        if (_report is null)
            return;
        _append ??= AppendAsync(_report);
        await _append.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_append.IsCompleted)
            return;
        if (_append.IsCompletedSuccessfully)
        {
            nudge.Send(_report.Entries.Select(entry => entry.Partition));
            _report = null;
        }
        _append = null;
    }

    private async Task AppendAsync(AppendBatch report) => await store.AppendAsync(report, CancellationToken.None);

    /// <summary>Takes what was served since the last report; null where that is nothing.</summary>
    private AppendBatch? Take()
    {
        var (entries, segments) = (new PartitionEntries(), 0);
        foreach (var campaign in replica.Campaigns)
        {
            if (!campaign.Unreported.TryTake())
                continue;
            foreach (var segment in campaign.Segments)
            {
                foreach (var (channel, counter) in segment.Traffic.Channels)
                {
                    if (!counter.TryTake(out var learned, out var control, out var assignment))
                        continue;
                    entries.Of(segment.Partition).AddServed(segment.Id, campaign.Rules, campaign.Channels.Utf8(channel), learned, control, assignment);
                    segments++;
                }
            }
        }
        _ticksToWait = Math.Clamp(segments / SegmentsATick, 1, MostTicks);
        var built = entries.Build(time.GetUtcNow().ToUnixTimeMilliseconds());
        return built.Count == 0 ? null : new AppendBatch(_producer, ++_sequence, built);
    }
}
