namespace Flywheel.Signals;

/// <summary>What was last committed for a partition.</summary>
/// <param name="Epoch">The epoch of the owner that opened it: higher than any before.</param>
/// <param name="Offset">The last entry that is counted; 0 where none is.</param>
/// <param name="Summary">See <see cref="PartitionSummary"/>; empty at first.</param>
/// <param name="Segments">The stored form of each segment, see <see cref="SegmentState"/>; among them, under ids of its own, the <see cref="DecisionSample"/>.</param>
public sealed record PartitionCheckpoint(
    int Partition,
    long Epoch,
    long Offset,
    ReadOnlyMemory<byte> Summary,
    IReadOnlyList<KeyValuePair<SegmentId, byte[]>> Segments,
    IReadOnlyList<KeyValuePair<PageKey, DedupePage>> Pages,
    IReadOnlyList<RememberedId> Ids);
