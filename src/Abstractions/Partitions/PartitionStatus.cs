using System.Collections.Immutable;

namespace Flywheel.Abstractions.Partitions;

/// <summary>What a partition owns.</summary>
[GenerateSerializer, Immutable, Alias("flywheel.partition-status")]
public sealed record PartitionStatus([property: Id(0)] ImmutableArray<OwnedSegment> Segments);
