using System.Collections.Immutable;
using Flywheel.Domain.Learning.Checkpoints;

namespace Flywheel.Abstractions.Partitions;

/// <summary>What the policy of a segment can go back to.</summary>
/// <param name="Checkpoints">In the order in which they were kept.</param>
/// <param name="Version">The version of the segment's committed counts.</param>
/// <param name="Epoch">Of the owner that counts them.</param>
/// <param name="Rollbacks">How often it was rolled back.</param>
/// <param name="LastRollbackMs">When the last was asked for, Unix time in milliseconds; 0 where there was none.</param>
[GenerateSerializer, Immutable, Alias("flywheel.segment-checkpoints")]
public sealed record SegmentCheckpointsMessage(
    [property: Id(0)] string Segment,
    [property: Id(1)] ImmutableArray<PolicyCheckpoint> Checkpoints,
    [property: Id(2)] long Version,
    [property: Id(3)] long Epoch,
    [property: Id(4)] long Rollbacks,
    [property: Id(5)] long LastRollbackMs);
