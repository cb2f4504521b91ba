using Flywheel.Domain.Experiments;

namespace Flywheel.Domain.Tests.Experiments;

public sealed class SampleRatioTests
{
    /// <summary>Looked at 40 times, the share moving from 0.5 down to 0.05: p falls to 5 % in at most 5 % of 2,000 seeded experiments.</summary>
    [Fact]
    public void Of_SharesAreKept_FallsToFivePercentInNoMoreThanFivePercent()
    {
        const int Runs = 2_000;
        var low = 0;
        for (var seed = 1; seed <= Runs; seed++)
        {
            var random = new Random(seed);
            var (control, total, expected, least) = (0L, 0L, 0.0, 1.0);
            for (var look = 0; look < 40; look++)
            {
                var share = Math.Max(0.05, 0.5 - 0.02 * look);
                for (var i = 0; i < 100; i++)
                    control += random.NextDouble() < share ? 1 : 0;
                total += 100;
                expected += 100 * share;
                least = Math.Min(least, SampleRatio.Of(control, total, expected).PValue);
            }

            low += least <= 0.05 ? 1 : 0;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{low} of {Runs}");
        Assert.InRange(low, 0, 0.05 * Runs);
    }

    [Theory]
    [InlineData(5_000, 100_000, 5_000, true)]
    [InlineData(5_150, 100_000, 5_000, true)]
    [InlineData(5_500, 100_000, 5_000, false)]
    [InlineData(4_500, 100_000, 5_000, false)]
    [InlineData(505_000, 10_000_000, 500_000, false)]
    [InlineData(3, 10, 0.5, true)]
    [InlineData(1, 10, 0.0, false)]
    [InlineData(9, 10, 10.0, false)]
    [InlineData(0, 10, 0.0, true)]
    [InlineData(0, 0, 0.0, true)]
    public void Of_Counts_IsHealthyUnlessChanceCannotExplainThem(long control, long total, double expected, bool healthy)
    {
        var ratio = SampleRatio.Of(control, total, expected);

        Assert.Equal(healthy, ratio.Healthy);
        Assert.InRange(ratio.PValue, 0, 1);
    }

    [Fact]
    public void Of_WhatCannotBe_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => SampleRatio.Of(-1, 10, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => SampleRatio.Of(11, 10, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => SampleRatio.Of(1, 10, 11));
        Assert.Throws<ArgumentOutOfRangeException>(() => SampleRatio.Of(1, 10, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => SampleRatio.Of(0, -1, 0));
    }
}
