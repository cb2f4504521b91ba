using Flywheel.Domain.Learning;

namespace Flywheel.Abstractions.Segments;

/// <summary>The absolute counts of a segment.</summary>
/// <param name="Incarnation">The life of the campaign they belong to.</param>
[GenerateSerializer, Immutable, Alias("flywheel.segment-counts-message")]
public sealed record SegmentCountsMessage([property: Id(0)] ulong Incarnation, [property: Id(1)] SegmentCounts Counts);
