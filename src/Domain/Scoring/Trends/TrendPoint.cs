namespace Flywheel.Domain.Scoring.Trends;

/// <summary>What decisions of one stretch of time led to for a module.</summary>
/// <param name="StartMs">Unix time in milliseconds of the first decision.</param>
/// <param name="EndMs">Of the last.</param>
/// <param name="Impressions">Exact count.</param>
/// <param name="RewardMicros">Exact sum, in millionths.</param>
/// <param name="Rate">Reward units an impression, with a 95 % interval; null without impressions.</param>
public sealed record TrendPoint(long StartMs, long EndMs, long Impressions, long RewardMicros, Interval? Rate);
