namespace Flywheel.Client;

/// <summary>What decisions of a stretch of time led to.</summary>
/// <param name="From">Its first decision.</param>
/// <param name="To">Its last.</param>
/// <param name="Impressions">Exact count.</param>
/// <param name="Reward">Exact sum of weights.</param>
public sealed record TrendPoint(DateTimeOffset From, DateTimeOffset To, long Impressions, double Reward)
{
    /// <value>Reward per impression; null without impressions.</value>
    public required Estimate? Rate { get; init; }
}
