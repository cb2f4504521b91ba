using System.Collections.Immutable;

namespace Flywheel.Decisions;

/// <summary>A segment of a snapshot.</summary>
/// <param name="Id">ASCII.</param>
/// <param name="Partition">Where the engine counts it: decisions are counted off in each partition apart.</param>
/// <param name="Match">Empty: the segment is only reached by naming it, or it is <c>default</c>.</param>
/// <param name="Own">Null where nothing was learnt yet: the snapshot's prior serves it.</param>
public sealed record SnapshotSegment(string Id, int Partition, ImmutableArray<SegmentCondition> Match, SnapshotPolicy? Own);
