using System.Collections.Immutable;
using Flywheel.Abstractions.Segments;
using Orleans.Concurrency;

namespace Flywheel.Abstractions.Partitions;

/// <summary>A partition of the signal log, by its number: counts what is appended, exactly once.</summary>
[Alias("flywheel.partition")]
public interface IPartitionGrain : IGrainWithIntegerKey
{
    /// <summary>Says that there may be something new to count. A lost call costs time, never a signal.</summary>
    [OneWay]
    [Alias("nudge")]
    Task NudgeAsync(CancellationToken cancellationToken);

    /// <summary>Makes sure that the partition is owned and that its segments were told their counts; returns those.</summary>
    [Alias("open")]
    Task<PartitionStatus> OpenAsync(CancellationToken cancellationToken);

    /// <summary>The committed counts of a segment; null where nothing was counted.</summary>
    [Alias("read")]
    Task<SegmentCountsMessage?> ReadAsync(string campaign, ulong incarnation, string segment, CancellationToken cancellationToken);

    /// <summary>Tenants that have taken nearly all that this partition can remember of theirs; mostly none.</summary>
    /// <param name="withIds">What signals with ids of their own are remembered in; else what decisions are.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    [Alias("crowded")]
    Task<IReadOnlyList<string>> CrowdedAsync(bool withIds, CancellationToken cancellationToken);

    /// <summary>What the policies of a campaign's segments can go back to, of those that this partition counts.</summary>
    /// <param name="campaign">The campaign.</param>
    /// <param name="incarnation">Its life.</param>
    /// <param name="segment">The one to tell of; null for all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    [Alias("checkpoints")]
    Task<ImmutableArray<SegmentCheckpointsMessage>> CheckpointsAsync(string campaign, ulong incarnation, string? segment, CancellationToken cancellationToken);

    /// <summary>How thin the partition's sample of decisions is; it only falls.</summary>
    [Alias("sample-threshold")]
    Task<ulong> SampleThresholdAsync(CancellationToken cancellationToken);

    /// <summary>The sampled decisions of one life of a campaign, of which this partition counts some segments.</summary>
    /// <param name="campaign">The campaign.</param>
    /// <param name="incarnation">The life.</param>
    /// <param name="segment">The segment to tell of; null for every one that this partition counts.</param>
    /// <param name="threshold">The smallest of the partitions that are asked: their samples together are uniform then.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    [Alias("sample")]
    Task<DecisionSampleMessage> SampleAsync(string campaign, ulong incarnation, string? segment, ulong threshold, CancellationToken cancellationToken);
}
