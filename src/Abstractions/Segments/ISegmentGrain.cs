using Flywheel.Abstractions.Replicas;
using Orleans.Concurrency;

namespace Flywheel.Abstractions.Segments;

/// <summary>A segment of a campaign, by <c>campaign/segment</c>: turns its counts into the policy that serves it.</summary>
[Alias("flywheel.segment")]
public interface ISegmentGrain : IGrainWithStringKey
{
    /// <summary>
    /// Takes absolute counts; older ones than it has are passed over, so calls may be lost, repeated or reordered. Never waits for a fit:
    /// it only keeps the newest.
    /// </summary>
    [OneWay]
    [AlwaysInterleave]
    [Alias("apply")]
    Task ApplyAsync(SegmentCountsMessage message, CancellationToken cancellationToken);

    /// <summary>Fits the policy anew after the campaign changed. Served by every silo that can be reached once this returns.</summary>
    [Alias("revise")]
    Task ReviseAsync(CancellationToken cancellationToken);

    /// <summary>The latest counts and the policy made of them, for a silo that has missed them; null where nothing was counted.</summary>
    /// <param name="epoch">Of the owner that the silo has heard of.</param>
    /// <param name="version">The version that it counted; a segment that was not told of it looks it up.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    [Alias("describe")]
    Task<SegmentFitMessage?> DescribeAsync(long epoch, long version, CancellationToken cancellationToken);
}
