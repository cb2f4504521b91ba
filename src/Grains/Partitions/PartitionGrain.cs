using System.Collections.Immutable;
using Flywheel.Abstractions.Partitions;
using Flywheel.Abstractions.Segments;
using Flywheel.Domain.Learning;
using Flywheel.Grains.Hosting;
using Flywheel.Signals;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Flywheel.Grains.Partitions;

/// <summary>
/// Owns one partition of the log, by its number: reads from the committed offset, counts, and commits counts, offset and
/// dedupe state together, at most every 50 ms. Promises that every durable signal is counted once. After any commit whose
/// outcome it does not know, and whenever the store was started anew, it throws its memory away and starts again from the store.
/// Nudged by every append and by a sweep. Leaves for the silo it belongs to when silos come and go.
/// </summary>
[GrainType("flywheel.partition")]
[PartitionPlacement]
public sealed partial class PartitionGrain(ISignalStore store, PartitionOwners owners, [FromKeyedServices(Lane.Counts)] Lane counting, IPartitionMeter meter, TimeProvider time, ILogger<PartitionGrain> logger) : Grain, IPartitionGrain
{
    private const int EntriesARead = 256;

    private static readonly TimeSpan CommitEvery = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LookWhileAway = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LeaveAfter = TimeSpan.FromSeconds(1);

    private PartitionCore? _core;
    private long _generation;
    private IGrainTimer? _timer;
    private bool _isScheduled;
    private bool _isAway;
    private long? _committedAt;
    private long? _misplacedAt;

    private int Partition => (int)this.GetPrimaryKeyLong();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _timer = this.RegisterGrainTimer(() => CountAsync(CancellationToken.None), new GrainTimerCreationOptions(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan) { KeepAlive = true });
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        meter.Left(Partition);
        return Task.CompletedTask;
    }

    public async Task NudgeAsync(CancellationToken cancellationToken)
    {
        if (_isScheduled)
            return;
        var wait = _committedAt is { } at ? CommitEvery - time.GetElapsedTime(at) : TimeSpan.Zero;
        if (wait <= TimeSpan.Zero)
            await CountAsync(cancellationToken);
        else
            Schedule(wait);
    }

    public async Task<PartitionStatus> OpenAsync(CancellationToken cancellationToken)
    {
        await CountAsync(cancellationToken);
        var core = await OwnAsync(cancellationToken);
        return new PartitionStatus([.. core.Segments.Select(id => new OwnedSegment(id.Campaign, id.Incarnation, id.Segment, core.VersionOf(id)))], core.Epoch);
    }

    public async Task<SegmentCountsMessage?> ReadAsync(string campaign, ulong incarnation, string segment, CancellationToken cancellationToken)
    {
        var core = await OwnAsync(cancellationToken);
        return core.CountsOf(new SegmentId(campaign, incarnation, segment)) is { } counts ? new SegmentCountsMessage(incarnation, counts, core.Epoch) : null;
    }

    public async Task<IReadOnlyList<string>> CrowdedAsync(bool withIds, CancellationToken cancellationToken) => (await OwnAsync(cancellationToken)).Crowded(withIds);

    public async Task<ImmutableArray<SegmentCheckpointsMessage>> CheckpointsAsync(string campaign, ulong incarnation, string? segment, CancellationToken cancellationToken)
    {
        var core = await OwnAsync(cancellationToken);
        return [.. core.Segments.Where(id => id.Campaign == campaign && id.Incarnation == incarnation && (segment is null || id.Segment == segment)).Select(id =>
        {
            var leftOut = core.LeftOutOf(id);
            return new SegmentCheckpointsMessage(id.Segment, [.. core.CheckpointsOf(id)], core.VersionOf(id), core.Epoch, leftOut.Rollbacks, leftOut.LastMs);
        })];
    }

    public async Task<ulong> SampleThresholdAsync(CancellationToken cancellationToken) => (await OwnAsync(cancellationToken)).SampleThreshold;

    public async Task<DecisionSampleMessage> SampleAsync(string campaign, ulong incarnation, string? segment, ulong threshold, CancellationToken cancellationToken)
    {
        var core = await OwnAsync(cancellationToken);
        return new DecisionSampleMessage([.. core.Sample(campaign, incarnation, segment, threshold).Select(row =>
            new SampledDecision(row.Segment.Segment, row.DecidedAtMs, row.Group, row.Propensity, row.Channel, row.Modules, row.RewardMicros))]);
    }

    private async Task<PartitionCore> OwnAsync(CancellationToken cancellationToken)
    {
        if (_core is not null && _generation == store.Generation)
            return _core;
        _core = null;
        _generation = store.Generation;
        _core = new PartitionCore(await store.OpenAsync(Partition, cancellationToken));
        meter.Opened(Partition, _core.Ledger);
        foreach (var id in _core.Segments)
            await TellAsync(id, new SegmentCountsMessage(id.Incarnation, _core.CountsOf(id)!, _core.Epoch), cancellationToken);
        return _core;
    }

    private async Task CountAsync(CancellationToken cancellationToken)
    {
        _isScheduled = false;
        LeaveWhereItDoesNotBelong();
        try
        {
            var core = await OwnAsync(cancellationToken);
            var entries = await store.ReadAsync(Partition, core.Offset, EntriesARead, cancellationToken);
            var (commit, changes) = await counting.RunAsync(() => Count(core, entries));
            _isAway = false;
            if (commit is null)
                return;
            await CommitAsync(core, commit, cancellationToken);
            foreach (var (id, counts) in changes)
                await TellAsync(id, new SegmentCountsMessage(id.Incarnation, counts, core.Epoch), cancellationToken);
            if (entries.Count == EntriesARead)
                Schedule(TimeSpan.Zero);
        }
        catch (StoreUnavailableException e)
        {
            if (!_isAway)
                LogStartsAgain(Partition, e.Message);
            _isAway = true;
            meter.CommitFailed(Partition);
            _core = null;
            Schedule(store.Trouble is null ? CommitEvery : LookWhileAway);
        }
        catch
        {
            _core = null;
            throw;
        }
    }

    private static (PartitionCommit? Commit, IReadOnlyList<KeyValuePair<SegmentId, SegmentCounts>> Changes) Count(PartitionCore core, IReadOnlyList<LogEntry> entries)
    {
        foreach (var entry in entries)
            core.Apply(entry);
        return (core.TakeCommit(out var changes), changes);
    }

    /// <summary>Silos hear of each other at different moments: one that has just joined is no reason to leave until all have heard.</summary>
    private void LeaveWhereItDoesNotBelong()
    {
        if (owners.IsHere(Partition))
            _misplacedAt = null;
        else if (_misplacedAt is not { } at)
            _misplacedAt = time.GetTimestamp();
        else if (time.GetElapsedTime(at) > LeaveAfter)
            DeactivateOnIdle();
    }

    private async Task CommitAsync(PartitionCore core, PartitionCommit commit, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        if (!await store.CommitAsync(commit, cancellationToken))
            throw new StoreUnavailableException("The commit was refused: another owner has taken the partition over.");
        _committedAt = time.GetTimestamp();
        meter.Committed(Partition, core.Ledger, time.GetElapsedTime(started));
    }

    private Task TellAsync(SegmentId id, SegmentCountsMessage message, CancellationToken cancellationToken) =>
        GrainFactory.GetGrain<ISegmentGrain>($"{id.Campaign}/{id.Segment}").ApplyAsync(message, cancellationToken);

    private void Schedule(TimeSpan wait)
    {
        _isScheduled = true;
        _timer!.Change(wait, Timeout.InfiniteTimeSpan);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Partition {Partition} starts again from the store: {Why}")]
    private partial void LogStartsAgain(int partition, string why);
}
