namespace Flywheel.Grains.Partitions;

/// <summary>Places a partition where <see cref="PartitionPlan"/> says.</summary>
[GenerateSerializer, Immutable, Alias("flywheel.partition-placement")]
public sealed class PartitionPlacement : PlacementStrategy;
