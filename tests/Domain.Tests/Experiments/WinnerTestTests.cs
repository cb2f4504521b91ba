using Flywheel.Domain.Experiments;

namespace Flywheel.Domain.Tests.Experiments;

public sealed class WinnerTestTests
{
    private const double Rate = 0.015;
    private const int Stride = 7;

    public static MatrixTheoryData<int, Schedule> EqualArms => new([2, 3, 4, 5], [Schedule.Even, Schedule.Thompson, Schedule.ThompsonLate]);

    /// <summary>
    /// Seeded experiments of equal arms, looked at after every reward: 1,000 of an even split or of two arms, 300 of the others. The
    /// most that were found, 28 of 1,000, bound the true share by 3.9 % (95 %, Clopper and Pearson 1934).
    /// </summary>
    [Theory]
    [MemberData(nameof(EqualArms))]
    public void Winner_ArmsAreEqual_IsDeclaredInFivePercentAtTheMost(int arms, Schedule schedule)
    {
        var world = World(schedule, Enumerable.Repeat(Rate, arms), 30_000);
        var runs = arms == 2 || schedule == Schedule.Even ? 1_000 : 300;
        var found = Count(world, runs, out _, winner => winner is not null);

        Assert.InRange(found, 0, 0.05 * runs);
    }

    /// <summary>2,000 seeded experiments: standard error at most 1.1 points.</summary>
    [Theory]
    [InlineData(Schedule.Even, 0.2, 0.83)]
    [InlineData(Schedule.Even, 0.4, 0.97)]
    [InlineData(Schedule.FirstArm, 0.2, 0.43)]
    [InlineData(Schedule.FirstArm, 0.4, 0.97)]
    [InlineData(Schedule.Thompson, 0.4, 0.95)]
    public void Winner_OneArmIsBetter_IsDeclaredAsOftenAsPromised(Schedule schedule, double lift, double power)
    {
        const int Runs = 2_000;
        var world = World(schedule, [Rate * (1 + lift), Rate], 100_000);
        var found = Count(world, Runs, out var wrong, winner => winner == 0);

        Assert.True(found >= power * Runs, $"{found} of {Runs}");
        Assert.InRange(wrong, 0, 0.025 * Runs);
    }

    [Fact]
    public void Winner_OneOfFiveIsFarBetter_IsNoOther()
    {
        var world = World(Schedule.Thompson, [Rate, Rate * 1.1, Rate, Rate * 1.8, Rate * 0.8], 150_000);
        var found = Count(world, 200, out var wrong, winner => winner == 3);

        Assert.True(found >= 160, $"{found} of 200");
        Assert.Equal(0, wrong);
    }

    /// <summary>The bet is fair: where rates are equal, no stake is worth more after a reward than before it, for any size of reward.</summary>
    [Theory]
    [InlineData(1.0)]
    [InlineData(0.3)]
    public void Observe_ArmsAreEqual_ChangesNoStakeInExpectation(double reward)
    {
        double[] allocation = [0.7, 0.2, 0.1];
        var before = new WinnerTest(3);
        before.Observe(allocation, 1, 1);
        var expected = new double[before.State.Length];
        for (var arm = 0; arm < 3; arm++)
        {
            var after = new WinnerTest(3, before.State);
            after.Observe(allocation, arm, reward);
            for (var i = 1; i < expected.Length; i++)
                expected[i] += allocation[arm] * after.State[i];
        }

        for (var i = 1; i < expected.Length; i++)
            if (i % Stride != 0)
                Assert.Equal(before.State[i], expected[i], 1e-12);
    }

    [Fact]
    public void Observe_AnInterval_IsItsRewardsOneByOne()
    {
        var (whole, single) = (new WinnerTest(3), new WinnerTest(3));
        whole.Observe([7_000L, 2_000L, 1_000L], [9, 5, 1]);
        foreach (var (arm, times) in new[] { (0, 9), (1, 5), (2, 1) })
            for (var i = 0; i < times; i++)
                single.Observe([0.7, 0.2, 0.1], arm, 1);

        for (var i = 1; i < whole.State.Length; i++)
            if (i % Stride != 0)
                Assert.Equal(single.State[i], whole.State[i], 1e-9);
    }

    [Fact]
    public void Observe_FractionsAsASum_AreBettedOnNoMoreThanOneByOne()
    {
        var (whole, single) = (new WinnerTest(2), new WinnerTest(2));
        whole.Observe([500L, 500L], [10, 4]);
        for (var i = 0; i < 40; i++)
            single.Observe([1, 1], 0, 0.25);
        for (var i = 0; i < 16; i++)
            single.Observe([1, 1], 1, 0.25);

        for (var i = 1; i < Stride; i++)
            Assert.True(whole.State[i] <= single.State[i]);
    }

    [Fact]
    public void Observe_ArmServedAlone_SaysNothing()
    {
        var test = new WinnerTest(3);
        for (var i = 0; i < 1_000; i++)
            test.Observe([1, 0, 0], 0, 1);

        Assert.Equal(new WinnerTest(3).State.ToArray(), test.State.ToArray());
    }

    [Fact]
    public void Observe_AnotherArmLater_KeepsTheFirstWinner()
    {
        var test = new WinnerTest(2);
        for (var i = 0; i < 60; i++)
            test.Observe([1, 1], 1, 1);
        Assert.Equal(1, test.Winner);
        Assert.True(test.EvidenceOf(1) >= test.Threshold && test.EvidenceOf(0) < test.Threshold);
        for (var i = 0; i < 100_000; i++)
            test.Observe([1, 1], 0, 1);

        Assert.Equal(1, test.Winner);
        Assert.All(test.State[1..].ToArray(), stake => Assert.InRange(stake, 0, 1e300));
    }

    [Fact]
    public void State_TakenUpAgain_GoesOnAsBefore()
    {
        var test = new WinnerTest(4);
        test.Observe([4, 3, 2, 1], 2, 0.5);
        var again = new WinnerTest(4, test.State.ToArray());
        test.Observe([4, 3, 2, 1], 0, 1);
        again.Observe([4, 3, 2, 1], 0, 1);

        Assert.Equal(test.State.ToArray(), again.State.ToArray());
        Assert.Equal(1 + 4 * 3 * Stride, test.State.Length);
    }

    [Fact]
    public void Observe_OneReward_AllocatesNothing()
    {
        var test = new WinnerTest(64);
        var allocation = Enumerable.Repeat(1.0, 64).ToArray();
        test.Observe(allocation, 0, 1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
            test.Observe(allocation, i % 64, 1);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Observe_WhatCannotBe_IsRefused()
    {
        var test = new WinnerTest(2);

        Assert.Throws<ArgumentOutOfRangeException>(() => new WinnerTest(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WinnerTest(65));
        Assert.Throws<ArgumentException>(() => test.Observe([1, 1, 1], 0, 1));
        Assert.Throws<ArgumentException>(() => test.Observe([0, 1], 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => test.Observe([1, double.NaN], 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => test.Observe([1, 1], 2, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => test.Observe([1, 1], 0, 1.01));
        Assert.Throws<ArgumentOutOfRangeException>(() => test.Observe([1, 1], 0, double.NaN));
        Assert.Throws<ArgumentException>(() => test.Observe([1L, 1L], [2.0, 0]));
        Assert.Throws<ArgumentException>(() => new WinnerTest(2, [-1.0]));
        Assert.Throws<ArgumentException>(() => new WinnerTest(2, [2, .. test.State[1..]]));
        Assert.Throws<ArgumentException>(() => new WinnerTest(2, [.. test.State[..^1], double.NaN]));
    }

    /// <summary>How arms are served.</summary>
    public enum Schedule
    {
        Even,
        Thompson,
        ThompsonLate,
        FirstArm,
    }

    private static ArmWorld World(Schedule schedule, IEnumerable<double> rates, int impressions) => new([.. rates], impressions)
    {
        Allocate = schedule switch
        {
            Schedule.Even => null,
            Schedule.FirstArm => ArmWorld.FirstArmAfterTenThousand,
            _ => ArmWorld.Thompson,
        },
        Delay = schedule == Schedule.ThompsonLate ? 3_000 : 0,
    };

    private static int Count(ArmWorld world, int runs, out int wrong, Func<int?, bool> right)
    {
        var (found, others) = (0, 0);
        var times = new List<int>();
        for (var seed = 1; seed <= runs; seed++)
        {
            var (winner, at) = world.Run(seed);
            if (right(winner))
            {
                found++;
                times.Add(at);
            }
            else if (winner is not null)
                others++;
        }

        times.Sort();
        TestContext.Current.TestOutputHelper?.WriteLine($"{found} and {others} others of {runs}; median {(found > 0 ? times[found / 2] : 0)}");
        wrong = others;
        return found;
    }
}
