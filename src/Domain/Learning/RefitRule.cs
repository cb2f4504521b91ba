namespace Flywheel.Domain.Learning;

/// <summary>When a segment's policy is worth fitting anew: a fit that cannot tell anything new is left out.</summary>
public static class RefitRule
{
    /// <summary>Less than this share of new evidence moves no estimate by as much as a tenth of its standard error.</summary>
    private const double RewardShare = 0.01;
    private const double ImpressionShare = 0.02;

    /// <param name="fitted">What the last fit saw.</param>
    /// <param name="now">What there is.</param>
    public static bool IsDue(GroupTally fitted, GroupTally now) =>
        // Less than before: the store lost its latest writes.
        now.Impressions < fitted.Impressions || now.RewardMicros < fitted.RewardMicros
        || now.RewardMicros - fitted.RewardMicros > RewardShare * fitted.RewardMicros
        || now.Impressions - fitted.Impressions > ImpressionShare * fitted.Impressions;
}
