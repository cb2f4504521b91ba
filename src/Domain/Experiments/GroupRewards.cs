using Flywheel.Domain.Learning;

namespace Flywheel.Domain.Experiments;

/// <summary>What the impressions of one group earned, in units of the most that one decision can earn.</summary>
/// <param name="Impressions">Impressions counted.</param>
/// <param name="Sum">Of what decisions earned, each 0 to 1 in all.</param>
/// <param name="SumOfSquares">Of the same: at most the sum, and equal to it where all rewards are whole units.</param>
public readonly record struct GroupRewards(long Impressions, double Sum, double SumOfSquares)
{
    /// <summary>From totals without squares: taken as whole units, which is exact for these and too careful for smaller rewards.</summary>
    /// <param name="capMicros">The most one decision can earn, in millionths; above 0.</param>
    public static GroupRewards Of(GroupTally tally, long capMicros)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capMicros);
        var sum = tally.RewardMicros / (double)capMicros;
        return new(tally.Impressions, sum, sum);
    }
}
