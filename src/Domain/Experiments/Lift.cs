using Flywheel.Domain.Learning;
using Flywheel.Domain.Scoring;

namespace Flywheel.Domain.Experiments;

/// <summary>What learning gained: the learned group's rate against the control group's.</summary>
public static class Lift
{
    private const double Z95 = 1.959963984540054;

    /// <summary>
    /// Relative lift, 0.1 is +10 %, with the delta method's 95 % interval on the log of the ratio for counts of rewards. Valid
    /// at one look that was fixed beforehand, not at every look. Null until both groups have earned at least 5 rewards' worth.
    /// </summary>
    /// <param name="capMicros">The most one decision can earn, in millionths: the unit of a reward.</param>
    public static Interval? AtOneLook(GroupTally learned, GroupTally control, long capMicros)
    {
        var (wins, baseline) = (learned.RewardMicros / (double)capMicros, control.RewardMicros / (double)capMicros);
        if (capMicros <= 0 || wins < 5 || baseline < 5 || learned.Impressions == 0 || control.Impressions == 0)
            return null;
        var ratio = wins / learned.Impressions / (baseline / control.Impressions);
        var reach = Math.Exp(Z95 * Math.Sqrt(1 / wins + 1 / baseline));
        return new Interval(ratio - 1, ratio / reach - 1, ratio * reach - 1);
    }
}
