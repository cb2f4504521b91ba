using Flywheel.Domain.Learning;

namespace Flywheel.Abstractions.Replicas;

/// <summary>A segment's counts and what was learnt from them.</summary>
/// <param name="LayoutRevision">The layout that the policy chooses from.</param>
/// <param name="FittedAtMs">Unix time in milliseconds.</param>
/// <param name="Epoch">See <see cref="Segments.SegmentCountsMessage"/>.</param>
[GenerateSerializer, Immutable, Alias("flywheel.segment-fit-message")]
public sealed record SegmentFitMessage(
    [property: Id(0)] string Campaign,
    [property: Id(1)] ulong Incarnation,
    [property: Id(2)] string Segment,
    [property: Id(3)] long LayoutRevision,
    [property: Id(4)] SegmentCounts Counts,
    [property: Id(5)] SegmentFit Fit,
    [property: Id(6)] long FittedAtMs,
    [property: Id(7)] long Epoch);
