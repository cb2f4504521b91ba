using System.Collections.Immutable;

namespace Flywheel.Domain.Scoring.Fatigue;

/// <summary>What one stretch of time led to, by module in the order of <see cref="FatigueWatch.Modules"/>.</summary>
/// <param name="StartMs">Unix time in milliseconds of its first decision.</param>
/// <param name="EndMs">Of its last.</param>
/// <param name="Impressions">Of the whole segment.</param>
/// <param name="Maturity">The share of its rewards that had come when it was taken in; (0, 1].</param>
/// <param name="Weight">What one of its rewards counts for: below 1 where they differ in size more than the segment's do as a rule; (0, 1].</param>
/// <param name="Served">Impressions by module.</param>
/// <param name="Exposures">Impressions by module, each multiplied by the level of the rates in its slot at its own time.</param>
/// <param name="Rewards">By module, in rewards of usual size: not necessarily whole.</param>
public sealed record WatchedSpan(
    long StartMs,
    long EndMs,
    double Impressions,
    double Maturity,
    double Weight,
    ImmutableArray<double> Served,
    ImmutableArray<double> Exposures,
    ImmutableArray<double> Rewards)
{
    /// <summary>This span and the one after it as one.</summary>
    internal WatchedSpan Join(WatchedSpan later)
    {
        var (impressions, rewards) = (Impressions + later.Impressions, Rewards.Sum() + later.Rewards.Sum());
        return new WatchedSpan(
            StartMs,
            Math.Max(EndMs, later.EndMs),
            impressions,
            impressions > 0 ? (Maturity * Impressions + later.Maturity * later.Impressions) / impressions : Math.Min(Maturity, later.Maturity),
            rewards > 0 ? (Weight * Rewards.Sum() + later.Weight * later.Rewards.Sum()) / rewards : Math.Min(Weight, later.Weight),
            Add(Served, later.Served),
            Add(Exposures, later.Exposures),
            Add(Rewards, later.Rewards));
    }

    private static ImmutableArray<double> Add(ImmutableArray<double> left, ImmutableArray<double> right) => [.. left.Zip(right, (a, b) => a + b)];
}
