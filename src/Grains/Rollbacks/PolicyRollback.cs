using System.Collections.Immutable;
using System.Globalization;
using Flywheel.Abstractions.Campaigns;
using Flywheel.Abstractions.Partitions;
using Flywheel.Abstractions.Segments;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Learning.Checkpoints;
using Flywheel.Signals;

namespace Flywheel.Grains.Rollbacks;

/// <summary>
/// Takes segments of a campaign back to earlier checkpoints: asks the partitions what there is, logs the rollback behind what was appended
/// before, and has the segments fitted once it is counted. Holds nothing.
/// </summary>
public sealed class PolicyRollback(IGrainFactory grains, ISignalStore store, SignalAppender appender, TimeProvider time)
{
    private const int SegmentsAtOnce = 32;
    private const int ListedCheckpoints = 5;

    /// <summary>How long a caller waits for the signals before a rollback to be counted.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20);

    /// <summary>What the segments of a campaign can go back to, also those that are no longer in its document.</summary>
    public async Task<ImmutableArray<SegmentCheckpointsMessage>> ReadAsync(PublishedCampaign campaign, string? segment, CancellationToken cancellationToken)
    {
        var partitions = segment is null ? Enumerable.Range(0, store.Partitions) : [IdOf(campaign, segment).PartitionOf(store.Partitions)];
        var parts = await Task.WhenAll(partitions.Select(partition => PartitionOf(partition).CheckpointsAsync(campaign.Id, campaign.Incarnation, segment, cancellationToken)));
        return [.. parts.SelectMany(part => part).OrderBy(each => each.Segment, StringComparer.Ordinal)];
    }

    /// <summary>Where each segment would go back to; refused where none has a checkpoint that old.</summary>
    public async Task<RollbackOutcomeMessage> PlanAsync(PublishedCampaign campaign, RollbackMessage rollback, CancellationToken cancellationToken)
    {
        var segments = await ReadAsync(campaign, rollback.Segment, cancellationToken);
        // A moment of its own: what undoes this rollback is the state of a millisecond before it.
        var atMs = Math.Max(time.GetUtcNow().ToUnixTimeMilliseconds(), segments.Select(segment => segment.LastRollbackMs + 2).DefaultIfEmpty(0).Max());
        var (back, without) = (ImmutableArray.CreateBuilder<RolledBackSegment>(), ImmutableArray.CreateBuilder<string>());
        foreach (var segment in segments)
        {
            if (CheckpointRule.NewestNotAfter(segment.Checkpoints, rollback.ToMs) is >= 0 and var place && segment.Checkpoints[place] is var checkpoint)
                back.Add(new RolledBackSegment(segment.Segment, checkpoint.AtMs, checkpoint.Impressions, checkpoint.RewardMicros));
            else
                without.Add(segment.Segment);
        }
        return new RollbackOutcomeMessage(atMs, back.ToImmutable(), without.ToImmutable(), IsServed: false, back.Count == 0 ? Refusal(segments) : null);
    }

    /// <summary>Logs it. Durable once this returns: whatever fails then, it is counted.</summary>
    /// <exception cref="StoreUnavailableException">It could not be logged, or it is unknown whether it was; asking again is safe.</exception>
    public async Task AppendAsync(PublishedCampaign campaign, RollbackOutcomeMessage plan)
    {
        var entries = new List<PartitionEntry>();
        foreach (var partition in plan.Segments.GroupBy(segment => IdOf(campaign, segment.Segment).PartitionOf(store.Partitions)))
        {
            foreach (var part in partition.Chunk(EntryBuilder.MaxSignals))
            {
                var builder = new EntryBuilder();
                foreach (var segment in part)
                    builder.AddRollback(IdOf(campaign, segment.Segment), plan.AtMs, segment.ToMs);
                entries.Add(new PartitionEntry(partition.Key, 0, builder.Build(plan.AtMs)));
            }
        }
        var outcome = await appender.AppendAsync(entries);
        if (outcome != AppendOutcome.Durable)
            throw new StoreUnavailableException($"The rollback of {campaign.Id} could not be logged ({outcome}); asking again is safe.");
    }

    /// <summary>Waits until it is counted and every silo that can be reached serves it; false where that takes too long, and then it comes by itself.</summary>
    public async Task<bool> ServeAsync(PublishedCampaign campaign, RollbackOutcomeMessage plan, CancellationToken cancellationToken)
    {
        var sought = plan.Segments.Select(segment => segment.Segment).ToHashSet(StringComparer.Ordinal);
        var partitions = sought.Select(segment => IdOf(campaign, segment).PartitionOf(store.Partitions)).Distinct().ToList();
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            var counted = await Task.WhenAll(partitions.Select(partition => CountedAsync(campaign, plan.AtMs, partition, sought, either.Token)));
            await Parallel.ForEachAsync(
                counted.SelectMany(part => part), new ParallelOptions { MaxDegreeOfParallelism = SegmentsAtOnce, TaskScheduler = TaskScheduler.Current, CancellationToken = either.Token },
                async (segment, cancel) => await grains.GetGrain<ISegmentGrain>($"{campaign.Id}/{segment.Segment}").DescribeAsync(segment.Epoch, segment.Version, cancel).WaitAsync(cancel));
            return true;
        }
        catch (Exception e) when (e is OrleansException or StoreUnavailableException or TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>The segments of a partition once it has counted their rollback.</summary>
    private async Task<IEnumerable<SegmentCheckpointsMessage>> CountedAsync(PublishedCampaign campaign, long atMs, int partition, HashSet<string> sought, CancellationToken cancellationToken)
    {
        while (true)
        {
            await PartitionOf(partition).OpenAsync(cancellationToken).WaitAsync(cancellationToken);
            var segments = await PartitionOf(partition).CheckpointsAsync(campaign.Id, campaign.Incarnation, null, cancellationToken).WaitAsync(cancellationToken);
            var ours = segments.Where(segment => sought.Contains(segment.Segment)).ToList();
            if (ours.TrueForAll(segment => segment.LastRollbackMs >= atMs))
                return ours;
            await Task.Delay(LookEvery, time, cancellationToken);
        }
    }

    private static string Refusal(ImmutableArray<SegmentCheckpointsMessage> segments)
    {
        var times = segments.SelectMany(segment => segment.Checkpoints).Select(checkpoint => checkpoint.AtMs).Distinct().Order().ToList();
        if (times.Count == 0)
            return "the time of a checkpoint or a later one; there is none: nothing has been learnt yet";
        var listed = times.Count <= ListedCheckpoints ? "" : $"; in all {times.Count}, which GET …/policy/checkpoints lists";
        return $"the time of a checkpoint or a later one; the oldest are of {string.Join(", ", times.Take(ListedCheckpoints).Select(TextOf))}{listed}";
    }

    /// <summary>A time as people and the API write it.</summary>
    public static string TextOf(long unixMs) => DateTimeOffset.FromUnixTimeMilliseconds(unixMs).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static SegmentId IdOf(PublishedCampaign campaign, string segment) => new(campaign.Id, campaign.Incarnation, segment);

    private IPartitionGrain PartitionOf(int partition) => grains.GetGrain<IPartitionGrain>(partition);
}
