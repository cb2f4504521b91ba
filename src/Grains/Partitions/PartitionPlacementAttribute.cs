using Orleans.Placement;

namespace Flywheel.Grains.Partitions;

/// <summary>See <see cref="PartitionPlacement"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class PartitionPlacementAttribute() : PlacementAttribute(new PartitionPlacement());
