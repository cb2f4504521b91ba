namespace Flywheel.Client;

/// <summary>How a campaign does, every accepted signal included within 1 s.</summary>
public sealed record Scores(string Campaign, DateTimeOffset AsOf, Ledger Ledger, IReadOnlyList<SegmentScores> Segments)
{
    /// <value>True where the audience is simulated.</value>
    public bool Simulation { get; init; }
}
