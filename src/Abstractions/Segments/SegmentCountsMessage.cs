using Flywheel.Domain.Learning;

namespace Flywheel.Abstractions.Segments;

/// <summary>The absolute counts of a segment.</summary>
/// <param name="Incarnation">The life of the campaign they belong to.</param>
/// <param name="Epoch">
/// Of the owner that counted them. It decides before the version does: a store that lost its latest writes gives versions out again.
/// </param>
[GenerateSerializer, Immutable, Alias("flywheel.segment-counts-message")]
public sealed record SegmentCountsMessage([property: Id(0)] ulong Incarnation, [property: Id(1)] SegmentCounts Counts, [property: Id(2)] long Epoch)
{
    /// <summary>Whether this says nothing new to one who has heard the other.</summary>
    public bool IsNoNewerThan(SegmentCountsMessage other) =>
        (Incarnation, Epoch, Counts.Version).CompareTo((other.Incarnation, other.Epoch, other.Counts.Version)) <= 0;
}
