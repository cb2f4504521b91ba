using Flywheel.Domain.Learning.Checkpoints;
using Flywheel.Domain.Learning.Evidence;

namespace Flywheel.Signals;

/// <summary>The checkpoints of a partition's segments: keeps them while signals come, and takes segments back to them.</summary>
internal sealed class CheckpointBook
{
    private static readonly long EveryMs = (long)CheckpointRule.Every.TotalMilliseconds;

    private readonly Dictionary<SegmentId, SegmentCheckpoints> _segments = [];
    private readonly HashSet<SegmentId> _changed = [];

    /// <summary>When segments began of which nothing is kept yet.</summary>
    private readonly Dictionary<SegmentId, PolicyCheckpoint> _starts = [];

    /// <summary>What a segment can go back to, in the order in which it was kept.</summary>
    public IReadOnlyList<PolicyCheckpoint> Of(SegmentId id, SegmentState state) =>
        _segments.TryGetValue(id, out var checkpoints) ? checkpoints.Kept : KnownStartOf(id, state) is { } start ? [start] : [];

    /// <summary>Keeps the state as it is before a signal is learnt from, where that is due.</summary>
    /// <param name="decidedAtMs">When the signal's decision was made.</param>
    /// <param name="nowMs">The log's time.</param>
    public void KeepIfDue(SegmentId id, SegmentState state, long decidedAtMs, long nowMs)
    {
        if (!_segments.TryGetValue(id, out var checkpoints))
        {
            // A segment's first minutes cost nothing: what it can go back to is its start, as long as the evidence shows when that was.
            if (!_starts.TryGetValue(id, out var start) && (start = state.Evidence.Buckets.IsEmpty ? StartAt(id, nowMs) : StartOf(id, state)) is not null)
                _starts[id] = start;
            if (start is not null && nowMs - Math.Min(start.KeptAtMs, decidedAtMs) < EveryMs)
                return;
            checkpoints = Begin(id, start);
        }
        if (CheckpointRule.IsDue(checkpoints.Kept, nowMs) && !state.Evidence.Buckets.IsEmpty)
            Keep(id, checkpoints, state, nowMs, AtOf(state, nowMs), CheckpointKind.Regular);
    }

    /// <summary>Takes a segment back to its newest checkpoint that is not after a moment, and keeps what that takes back. False where there is none.</summary>
    /// <param name="atMs">When it was asked for.</param>
    /// <param name="toMs">The moment.</param>
    /// <param name="nowMs">The log's time.</param>
    public bool RollBack(SegmentId id, SegmentState state, long atMs, long toMs, long nowMs)
    {
        var place = CheckpointRule.NewestNotAfter(Of(id, state), toMs);
        if (place < 0)
            return false;
        var checkpoints = _segments.GetValueOrDefault(id) ?? Begin(id, KnownStartOf(id, state));
        var (checkpoint, evidence) = (checkpoints.Kept[place], checkpoints.EvidenceOf(place));
        Keep(id, checkpoints, state, nowMs, atMs - 1, CheckpointKind.BeforeRollback);
        state.RollBack(checkpoint, evidence, atMs);
        Keep(id, checkpoints, state, nowMs, atMs, CheckpointKind.RolledBack);
        return true;
    }

    public void Load(SegmentId id, ReadOnlySpan<byte> bytes) => _segments[SegmentCheckpoints.SegmentOf(id)] = SegmentCheckpoints.FromBytes(bytes);

    /// <returns>The id that is to be removed from the store; null where nothing was kept.</returns>
    public SegmentId? Forget(SegmentId id)
    {
        _changed.Remove(id);
        _starts.Remove(id);
        return _segments.Remove(id) ? SegmentCheckpoints.IdOf(id) : null;
    }

    /// <summary>The stored form of what changed since the last call.</summary>
    public IEnumerable<KeyValuePair<SegmentId, byte[]>> TakeChanges()
    {
        foreach (var id in _changed)
            yield return new(SegmentCheckpoints.IdOf(id), _segments[id].ToBytes());
        _changed.Clear();
    }

    private PolicyCheckpoint? KnownStartOf(SegmentId id, SegmentState state) => _starts.GetValueOrDefault(id) ?? StartOf(id, state);

    /// <summary>The beginning of a segment that has not been counted for long, when nothing was learnt; null where it may have been counted before there were checkpoints.</summary>
    private static PolicyCheckpoint? StartOf(SegmentId id, SegmentState state) =>
        state.Evidence is { Buckets: [var first, ..] } evidence && evidence.AsOfMs - first.StartMs < EveryMs ? StartAt(id, first.StartMs) : null;

    /// <summary>Nothing was learnt from the beginning of the campaign's life on, which is the time of its incarnation.</summary>
    private static PolicyCheckpoint StartAt(SegmentId id, long firstMs) =>
        new((long)Math.Min(id.Incarnation, (ulong)firstMs), firstMs, CheckpointKind.Regular, 0, 0, []);

    private SegmentCheckpoints Begin(SegmentId id, PolicyCheckpoint? start)
    {
        var checkpoints = _segments[id] = new SegmentCheckpoints();
        if (start is not null)
            checkpoints.Keep(start, SegmentEvidence.None);
        _changed.Add(id);
        _starts.Remove(id);
        return checkpoints;
    }

    /// <summary>Nothing came since the newest signal: the state is that of then. What was counted without a time is known to hold now.</summary>
    private static long AtOf(SegmentState state, long nowMs) => state.Evidence.AsOfMs is > 0 and var asOfMs ? Math.Max(asOfMs, state.LeftOut.LastMs) : nowMs;

    private void Keep(SegmentId id, SegmentCheckpoints checkpoints, SegmentState state, long nowMs, long atMs, CheckpointKind kind)
    {
        var (all, leftOut) = (state.Randomised, state.LeftOut);
        checkpoints.Keep(
            new PolicyCheckpoint(atMs, nowMs, kind, Math.Max(0, all.Impressions - leftOut.Impressions), Math.Max(0, all.RewardMicros - leftOut.RewardMicros), leftOut.Spans), state.Evidence);
        _changed.Add(id);
    }
}
