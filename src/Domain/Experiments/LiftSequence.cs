using Flywheel.Domain.Scoring;

namespace Flywheel.Domain.Experiments;

/// <summary>What learning gained, with an interval that holds at every look at once in 95 % of experiments.</summary>
/// <remarks>
/// Where the groups have n and m impressions and learning earns ρ times what control does, a reward is learning's with probability
/// ρn ÷ (ρn + m), whatever the rate of the moment. The interval holds the ρ that <see cref="OddsMixture"/>
/// does not rule out. Where ρ moves, as it does while learning learns, it is about what was earned so far: the ratio of the means.
/// </remarks>
public static class LiftSequence
{
    /// <summary>The highest relative lift that is ever given: what is above is unbounded for all purposes.</summary>
    public const double MaxLift = 1e6;

    private const int MaxIterations = 80;
    private const double Tolerance = 1e-9;

    /// <summary>log(1/α) with α = 5 %.</summary>
    private static readonly double Threshold = Math.Log(20);

    /// <summary>
    /// Relative lift so far, 0.1 is +10 %, from −1 to <see cref="MaxLift"/>. Null until both groups have impressions and one a reward.
    /// The share of the groups is to be the same all along, or the rate is; otherwise compare spans of the same share.
    /// </summary>
    /// <remarks>
    /// Rewards that are not whole are counted as (Σr)² ÷ Σr² (Kish 1965), with the more dispersed group's Σr² ÷ Σr: right for many
    /// rewards, not for few. A sum of squares that equals the sum is right always.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">Below 0, not finite, or squares that cannot be of rewards within 0 and 1.</exception>
    public static Interval? AtEveryLook(GroupRewards learned, GroupRewards control)
    {
        Check(learned, nameof(learned));
        Check(control, nameof(control));
        if (learned.Impressions == 0 || control.Impressions == 0 || learned.Sum + control.Sum == 0)
            return null;
        var unit = Math.Max(Unit(learned), Unit(control));
        var (wins, baseline) = (learned.Sum / unit, control.Sum / unit);
        var logShares = Math.Log((double)learned.Impressions / control.Impressions);
        // Half a reward keeps what is solved for finite where one group has none; it never leaves the interval.
        var start = Math.Log((wins + 0.5) / (baseline + 0.5)) - logShares;
        var mean = Math.Min(baseline > 0 ? wins / baseline / Math.Exp(logShares) - 1 : Math.Exp(start) - 1, MaxLift);
        var low = wins > 0 ? Edge(-1) : -1;
        var high = baseline > 0 ? Edge(1) : MaxLift;
        return new Interval(mean, Math.Clamp(low, -1, mean), Math.Clamp(high, mean, MaxLift));

        double Excess(double logRatio) => OddsMixture.LogEvidence(wins, wins + baseline, Share(logRatio + logShares)) - Threshold;
        double Edge(int side) => Math.Exp(Solve(start, side, Excess)) - 1;
    }

    /// <summary>The root to one side of a start where the function is below 0; its outer bound, so that nothing is lost.</summary>
    private static double Solve(double start, int side, Func<double, double> excess)
    {
        var (inner, step) = (start, 0.1 * side);
        var outer = start + step;
        var (below, above) = (excess(inner), excess(outer));
        while (above < 0)
        {
            // e^±60 is beyond any lift that is given.
            if (Math.Abs(outer) > 60)
                return outer;
            (inner, below, step) = (outer, above, step * 2);
            outer += step;
            above = excess(outer);
        }

        // Regula falsi, Illinois variant: the end that stays twice counts half.
        var last = 0;
        for (var i = 0; i < MaxIterations && Math.Abs(outer - inner) > Tolerance && above > Tolerance; i++)
        {
            var next = (inner * above - outer * below) / (above - below);
            var value = excess(next);
            if (value < 0)
            {
                (inner, below) = (next, value);
                if (last < 0)
                    above /= 2;
                last = -1;
            }
            else
            {
                (outer, above) = (next, value);
                if (last > 0)
                    below /= 2;
                last = 1;
            }
        }

        return outer;
    }

    private static double Share(double logOdds) => 1 / (1 + Math.Exp(-logOdds));

    private static double Unit(GroupRewards group) => group.Sum > 0 ? group.SumOfSquares / group.Sum : 0;

    private static void Check(GroupRewards group, string name)
    {
        if (group.Impressions < 0 || !(group.Sum >= 0 && group.Sum < double.PositiveInfinity)
            || !(group.SumOfSquares >= 0 && group.SumOfSquares <= group.Sum * (1 + 1e-9)) || group.Sum > 0 && group.SumOfSquares == 0)
            throw new ArgumentOutOfRangeException(name, group, "A group has 0 or more impressions, and rewards of which each is within 0 and 1.");
    }
}
