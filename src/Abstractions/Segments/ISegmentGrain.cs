using Orleans.Concurrency;

namespace Flywheel.Abstractions.Segments;

/// <summary>A segment of a campaign, by <c>campaign/segment</c>: turns its counts into the policy that serves it.</summary>
[Alias("flywheel.segment")]
public interface ISegmentGrain : IGrainWithStringKey
{
    /// <summary>Takes absolute counts; older ones than it has are passed over, so calls may be lost, repeated or reordered.</summary>
    [OneWay]
    [Alias("apply")]
    Task ApplyAsync(SegmentCountsMessage message, CancellationToken cancellationToken);

    /// <summary>Fits the policy anew after the campaign changed. Served by every silo that can be reached once this returns.</summary>
    [Alias("revise")]
    Task ReviseAsync(CancellationToken cancellationToken);
}
