using Flywheel.Domain.Experiments;
using Flywheel.Domain.Learning;

namespace Flywheel.Domain.Tests.Experiments;

public sealed class LiftTests
{
    private const long Cap = 5_000_000;

    [Theory]
    [InlineData(4.999, 100)]
    [InlineData(100, 4.999)]
    [InlineData(0, 0)]
    public void AtOneLook_BelowFiveRewards_IsNull(double learned, double control) => Assert.Null(Lift.AtOneLook(Tally(1_000, learned), Tally(1_000, control), Cap));

    [Fact]
    public void AtOneLook_WithoutImpressions_IsNull() => Assert.Null(Lift.AtOneLook(Tally(0, 10), Tally(1_000, 10), Cap));

    [Fact]
    public void AtOneLook_WhereNothingEarns_IsNull() => Assert.Null(Lift.AtOneLook(new GroupTally(0, 1_000, 0), new GroupTally(0, 1_000, 0), capMicros: 0));

    [Fact]
    public void AtOneLook_FiveRewardsEach_IsTheRatioOfRatesWithin()
    {
        var lift = Lift.AtOneLook(Tally(1_000, 50), Tally(500, 20), Cap)!.Value;

        Assert.Equal(0.25, lift.Mean, 1e-12);
        Assert.True(lift.Low < lift.Mean && lift.Mean < lift.High && lift.Low > -1);
        Assert.NotNull(Lift.AtOneLook(Tally(100, 5), Tally(100, 5), Cap));
    }

    /// <summary>4,000 seeded experiments of each size: the truth is inside in 95 % of them, to within 1.5 points.</summary>
    [Theory]
    [InlineData(9_500, 500, 0.04, 0.0)]
    [InlineData(2_000, 2_000, 0.02, 0.5)]
    [InlineData(5_000, 1_000, 0.03, -0.3)]
    public void AtOneLook_OverManyExperiments_CoversTheTruthAtItsNominalRate(int learned, int control, double rate, double lift)
    {
        var random = new Random(7);
        var (covered, looks) = (0, 0);
        for (var i = 0; i < 4_000; i++)
        {
            var interval = Lift.AtOneLook(
                Tally(learned, random.Binomial(learned, rate * (1 + lift))), Tally(control, random.Binomial(control, rate)), Cap);
            if (interval is not { } seen)
                continue;
            looks++;
            covered += seen.Low <= lift && lift <= seen.High ? 1 : 0;
        }

        Assert.True(looks > 3_900);
        Assert.InRange(covered / (double)looks, 0.935, 0.965);
    }

    private static GroupTally Tally(long impressions, double rewards) => new(impressions, impressions, (long)(rewards * Cap));
}
