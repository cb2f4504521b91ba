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
}
