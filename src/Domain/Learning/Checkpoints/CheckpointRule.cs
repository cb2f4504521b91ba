namespace Flywheel.Domain.Learning.Checkpoints;

/// <summary>
/// When a checkpoint is kept, and which one makes room for it: fine at the present and coarse in the past, as an exponential histogram is
/// (see <see cref="Evidence.EvidenceTable"/>), so that few are enough for a week. Lists are in the order in which checkpoints were kept.
/// </summary>
public static class CheckpointRule
{
    /// <summary>Regular checkpoints of a segment.</summary>
    public const int MostRegular = 16;

    /// <summary>Checkpoints that rollbacks made: each makes two.</summary>
    public const int MostOfRollbacks = 8;

    public static readonly TimeSpan Every = TimeSpan.FromMinutes(5);

    /// <summary>What is older is let go of, but for the one that says how things stood then.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(7);

    /// <summary>Whether the state is to be kept before the next signal is learnt from.</summary>
    public static bool IsDue(IReadOnlyList<PolicyCheckpoint> kept, long nowMs) => kept.Count == 0 || nowMs - kept[^1].KeptAtMs >= (long)Every.TotalMilliseconds;

    /// <summary>The place of the newest that is not after a moment; −1 where there is none.</summary>
    public static int NewestNotAfter(IReadOnlyList<PolicyCheckpoint> kept, long atMs)
    {
        for (var at = kept.Count - 1; at >= 0; at--)
        {
            if (kept[at].AtMs <= atMs)
                return at;
        }
        return -1;
    }

    /// <summary>The place of one to let go of; −1 where all may stay.</summary>
    public static int Spare(IReadOnlyList<PolicyCheckpoint> kept, long nowMs)
    {
        var oldMs = nowMs - (long)KeptFor.TotalMilliseconds;
        List<int> regular = [], ofRollbacks = [];
        for (var at = 0; at < kept.Count; at++)
            (kept[at].Kind == CheckpointKind.Regular ? regular : ofRollbacks).Add(at);
        if (ofRollbacks.Count > MostOfRollbacks || (ofRollbacks.Count > 0 && kept[ofRollbacks[0]].KeptAtMs < oldMs))
            return ofRollbacks[0];
        if (regular.Count > 1 && kept[regular[1]].KeptAtMs < oldMs)
            return regular[0];
        return regular.Count > MostRegular ? Densest(kept, regular, nowMs) : -1;
    }

    /// <summary>The one that leaves the smallest gap for its age; never the oldest nor the newest.</summary>
    private static int Densest(IReadOnlyList<PolicyCheckpoint> kept, List<int> regular, long nowMs)
    {
        var (densest, least) = (regular[1], double.PositiveInfinity);
        for (var i = 1; i < regular.Count - 1; i++)
        {
            var (older, newer) = (kept[regular[i - 1]].KeptAtMs, kept[regular[i + 1]].KeptAtMs);
            var gap = (newer - older) / (nowMs - newer + Every.TotalMilliseconds);
            if (gap <= least)
                (densest, least) = (regular[i], gap);
        }
        return densest;
    }
}
