namespace Flywheel.Client;

/// <summary>The scores of a segment, or of a channel in it.</summary>
/// <param name="Id">The segment's id, or the channel's.</param>
/// <param name="PolicyVersion">The policy that serves it now.</param>
/// <param name="Decisions">Exact count.</param>
/// <param name="Impressions">Exact count.</param>
/// <param name="Reward">Exact sum of weights.</param>
/// <param name="Slots">The scores of its slots.</param>
public sealed record SegmentScores(
    string Id,
    long PolicyVersion,
    long Decisions,
    long Impressions,
    double Reward,
    IReadOnlyList<SlotScores> Slots)
{
    /// <value>What the learned policy served.</value>
    public required GroupTotals Learned { get; init; }

    /// <value>What the uniform policy served.</value>
    public required GroupTotals Control { get; init; }

    /// <value>What other systems served, outside the randomised estimate; null where there is none.</value>
    public ObservedTotals? Observed { get; init; }

    /// <value>The same by channel; null unless it was asked for.</value>
    public IReadOnlyList<SegmentScores>? Channels { get; init; }
}
