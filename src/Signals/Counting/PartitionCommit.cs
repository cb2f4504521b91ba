namespace Flywheel.Signals;

/// <summary>One atomic step of a partition: absolute counts, offset and dedupe state together.</summary>
/// <param name="Epoch">The owner's epoch.</param>
/// <param name="FromOffset">The offset this step starts from.</param>
/// <param name="ToOffset">The last entry it counts.</param>
/// <param name="Signals">Signals of the entries it counts.</param>
/// <param name="Summary">See <see cref="PartitionSummary"/>.</param>
/// <param name="Segments">The stored form of each segment that changed, and of each part of the <see cref="DecisionSample"/>.</param>
/// <param name="RemovedSegments">Segments that are no more.</param>
/// <param name="Quarantined">Records that could not be counted, at most <see cref="PartitionCore.MaxQuarantined"/> a commit.</param>
public sealed record PartitionCommit(
    int Partition,
    long Epoch,
    long FromOffset,
    long ToOffset,
    long Signals,
    byte[] Summary,
    IReadOnlyList<KeyValuePair<SegmentId, byte[]>> Segments,
    IReadOnlyList<SegmentId> RemovedSegments,
    DedupeChanges Dedupe,
    IReadOnlyList<QuarantinedRecord> Quarantined);
