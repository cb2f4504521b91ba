using Flywheel.Domain.Experiments;
using Flywheel.Domain.Learning;
using Flywheel.Domain.Scoring;

namespace Flywheel.Domain.Tests.Experiments;

public sealed class LiftSequenceTests
{
    private const double Rate = 0.015;
    private const int Impressions = 60_000;

    /// <summary>1,000 seeded experiments, 30 looks each from the 50th impression on: one miss at any look is a miss.</summary>
    [Theory]
    [InlineData(0.05, 0.0, World.Still)]
    [InlineData(0.2, 0.0, World.Still)]
    [InlineData(0.5, 0.0, World.Still)]
    [InlineData(0.05, 0.2, World.Still)]
    [InlineData(0.2, 0.2, World.Still)]
    [InlineData(0.5, 0.2, World.Still)]
    [InlineData(0.05, 0.4, World.Learning)]
    [InlineData(0.2, 0.4, World.Learning)]
    [InlineData(0.5, 0.4, World.Learning)]
    [InlineData(0.2, 0.4, World.LearningInWaves)]
    public void AtEveryLook_OverManyExperiments_HoldsTheTruthAtAllLooksInNinetyFivePercent(double controlShare, double lift, World world)
    {
        const int Runs = 1_000;
        var covered = 0;
        var width = 0.0;
        for (var seed = 1; seed <= Runs; seed++)
        {
            var (held, last) = Experiment(seed, controlShare, lift, world);
            covered += held ? 1 : 0;
            width += (last.High - last.Low) / Runs;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{covered} of {Runs}, mean width {width:0.000}");
        Assert.InRange(covered, 0.95 * Runs, Runs);
    }

    /// <summary>Impressions that fall on groups by chance, looked at 50 times: 1,000 seeded experiments.</summary>
    [Theory]
    [InlineData(0.05, 0.015, 0.2)]
    [InlineData(0.05, 0.5, 0.2)]
    [InlineData(0.5, 0.5, 0.2)]
    [InlineData(0.2, 0.9, 0.0)]
    public void AtEveryLook_GroupsDrawnByChance_HoldsTheTruth(double controlShare, double rate, double lift)
    {
        var covered = 0;
        for (var seed = 1; seed <= 1_000; seed++)
        {
            var random = new Random(seed);
            var (learned, control, wins, baseline, held) = (0L, 0L, 0L, 0L, true);
            for (var i = 1; i <= 5_000; i++)
            {
                var isControl = random.NextDouble() < controlShare;
                var rewarded = random.NextDouble() < (isControl ? rate : rate * (1 + lift)) ? 1 : 0;
                (learned, control) = isControl ? (learned, control + 1) : (learned + 1, control);
                (wins, baseline) = isControl ? (wins, baseline + rewarded) : (wins + rewarded, baseline);
                if (i % 100 == 0 && LiftSequence.AtEveryLook(Whole(learned, wins), Whole(control, baseline)) is { } seen)
                    held &= seen.Low <= lift && lift <= seen.High;
            }

            covered += held ? 1 : 0;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{covered} of 1000");
        Assert.InRange(covered, 950, 1_000);
    }

    /// <summary>Rewards of any size, of which the mean is 0.2 of the cap: 1,000 seeded experiments.</summary>
    [Fact]
    public void AtEveryLook_RewardsOfAllSizes_HoldsTheTruth()
    {
        var covered = 0;
        for (var seed = 1; seed <= 1_000; seed++)
        {
            var random = new Random(seed);
            var (learned, control) = (new GroupRewards(0, 0, 0), new GroupRewards(0, 0, 0));
            var held = true;
            for (var look = 0; look < 20; look++)
            {
                learned = Grow(learned, random, 4_000, Rate * 1.2);
                control = Grow(control, random, 1_000, Rate);
                held &= LiftSequence.AtEveryLook(learned, control) is not { } seen || seen.Low <= 0.2 && seen.High >= 0.2;
            }

            covered += held ? 1 : 0;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{covered} of 1000");
        Assert.InRange(covered, 950, 1_000);

        static GroupRewards Grow(GroupRewards group, Random random, int impressions, double rate)
        {
            for (var at = Gap(random, rate); at <= impressions; at += Gap(random, rate))
            {
                var reward = Math.Min(1, -0.2 * Math.Log(1 - random.NextDouble()));
                group = group with { Sum = group.Sum + reward, SumOfSquares = group.SumOfSquares + reward * reward };
            }

            return group with { Impressions = group.Impressions + impressions };
        }
    }

    [Theory]
    [InlineData(0, 10, 5, 0)]
    [InlineData(10, 0, 0, 5)]
    [InlineData(10, 10, 0, 0)]
    public void AtEveryLook_NothingToCompare_IsNull(int learned, int control, double wins, double baseline) =>
        Assert.Null(LiftSequence.AtEveryLook(new GroupRewards(learned, wins, wins), new GroupRewards(control, baseline, baseline)));

    [Fact]
    public void AtEveryLook_OneGroupWithoutRewards_IsOpenOnThatSideAndFinite()
    {
        var up = LiftSequence.AtEveryLook(Whole(1_000, 300), Whole(1_000, 0))!.Value;
        var down = LiftSequence.AtEveryLook(Whole(1_000, 0), Whole(1_000, 300))!.Value;

        Assert.True(up.Low > 0 && up.Mean >= up.Low && double.IsFinite(up.Mean));
        Assert.Equal(LiftSequence.MaxLift, up.High);
        Assert.Equal(-1, down.Low);
        Assert.Equal(-1, down.Mean);
        Assert.True(down.High is < 0 and > -1);
    }

    /// <summary>Both ends are where the evidence is 20, for sizes from a single reward to billions.</summary>
    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(1_000_000, 10, 20_000, 1)]
    [InlineData(95_000, 5_000, 1_700, 75)]
    [InlineData(4_000_000_000, 1_000_000_000, 100_000_000, 20_000_000)]
    [InlineData(10, 4_000_000_000, 9, 40_000_000)]
    public void AtEveryLook_AnySize_EndsWhereTheEvidenceIsTwenty(long learned, long control, long wins, long baseline)
    {
        var lift = LiftSequence.AtEveryLook(Whole(learned, wins), Whole(control, baseline))!.Value;

        Assert.Equal(wins / (double)learned / (baseline / (double)control) - 1, lift.Mean, 1e-9 * (2 + lift.Mean));
        Assert.True(lift.Low <= lift.Mean && lift.Mean <= lift.High);
        foreach (var end in new[] { lift.Low, lift.High })
            if (end > -0.999_999 && end < LiftSequence.MaxLift)
            {
                var odds = (1 + end) * learned / control;
                Assert.Equal(Math.Log(20), OddsEvidence(wins, wins + baseline, odds), 1e-4);
            }
    }

    [Fact]
    public void AtEveryLook_GroupsExchanged_IsTheInverse()
    {
        var there = LiftSequence.AtEveryLook(Whole(9_000, 150), Whole(1_000, 12))!.Value;
        var back = LiftSequence.AtEveryLook(Whole(1_000, 12), Whole(9_000, 150))!.Value;

        Assert.Equal(1 / (1 + there.Low), 1 + back.High, 1e-6);
        Assert.Equal(1 / (1 + there.High), 1 + back.Low, 1e-6);
    }

    [Fact]
    public void AtEveryLook_WhatCannotBe_IsRefused()
    {
        var fine = Whole(10, 1);

        Assert.Throws<ArgumentOutOfRangeException>(() => LiftSequence.AtEveryLook(new GroupRewards(-1, 0, 0), fine));
        Assert.Throws<ArgumentOutOfRangeException>(() => LiftSequence.AtEveryLook(fine, new GroupRewards(10, double.NaN, 0)));
        Assert.Throws<ArgumentOutOfRangeException>(() => LiftSequence.AtEveryLook(fine, new GroupRewards(10, 1, 1.1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => GroupRewards.Of(new GroupTally(1, 1, 1), 0));
    }

    [Fact]
    public void Of_TotalsWithoutSquares_CountsWholeUnits() =>
        Assert.Equal(new GroupRewards(90, 2.5, 2.5), GroupRewards.Of(new GroupTally(100, 90, 12_500_000), 5_000_000));

    /// <summary>How the learned group's lift and the rate of both move.</summary>
    public enum World
    {
        Still,
        Learning,
        LearningInWaves,
    }

    private static (bool Held, Interval Last) Experiment(int seed, double controlShare, double lift, World world)
    {
        var random = new Random(seed);
        var (wins, baseline, truthLearned, truthControl) = (0L, 0L, 0.0, 0.0);
        var (held, last, from) = (true, default(Interval), 0);
        for (double look = 50; from < Impressions; look *= 1.28)
        {
            var to = Math.Min(Impressions, (int)look);
            // Rates stand still between two looks, at most 13,000 impressions.
            var wave = world == World.LearningInWaves ? 1 + 0.6 * Math.Sin(from / 4_000.0) : 1;
            var gain = 1 + lift * (world == World.Still ? 1 : 1 - Math.Exp(-from / 10_000.0));
            var (here, there) = (Rate * wave * gain * (1 - controlShare), Rate * wave * controlShare);
            wins += Rewards(random, here, to - from);
            baseline += Rewards(random, there, to - from);
            truthLearned += here * (to - from);
            truthControl += there * (to - from);
            from = to;
            var truth = truthLearned / (1 - controlShare) / (truthControl / controlShare) - 1;
            var control = Math.Max(1, (long)Math.Round(to * controlShare));
            if (LiftSequence.AtEveryLook(Whole(to - control, wins), Whole(control, baseline)) is not { } seen)
                continue;
            held &= seen.Low <= truth && truth <= seen.High;
            last = seen;
        }

        return (held, last);
    }

    private static long Rewards(Random random, double rate, int impressions)
    {
        var rewards = 0L;
        for (var at = Gap(random, rate); at <= impressions; at += Gap(random, rate))
            rewards++;
        return rewards;
    }

    private static double Gap(Random random, double rate) => Math.Ceiling(Math.Log(1 - random.NextDouble()) / Math.Log(1 - rate));

    private static GroupRewards Whole(long impressions, long rewards) => new(impressions, rewards, rewards);

    /// <summary>The evidence, written down again from its formula.</summary>
    private static double OddsEvidence(double successes, double trials, double odds)
    {
        var (sum, stakes) = (0.0, 0.0);
        var chance = odds / (1 + odds);
        for (var i = 0; i < 18; i++)
            foreach (var side in new[] { -1, 1 })
            {
                var tilt = 0.01 * Math.Pow(1.365, i);
                var stake = 1 / (1 + Math.Pow(Math.Log(tilt / 0.2), 2));
                stakes += stake;
                sum += stake * Math.Exp(side * tilt * successes - trials * Math.Log(1 + chance * (Math.Exp(side * tilt) - 1)));
            }

        return Math.Log(sum / stakes);
    }
}
