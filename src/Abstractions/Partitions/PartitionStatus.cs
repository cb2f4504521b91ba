using System.Collections.Immutable;

namespace Flywheel.Abstractions.Partitions;

/// <summary>What a partition owns.</summary>
/// <param name="Epoch">Of its owner.</param>
[GenerateSerializer, Immutable, Alias("flywheel.partition-status")]
public sealed record PartitionStatus([property: Id(0)] ImmutableArray<OwnedSegment> Segments, [property: Id(1)] long Epoch);
