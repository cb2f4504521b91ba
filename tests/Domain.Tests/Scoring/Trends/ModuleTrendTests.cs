using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Learning.Evidence;
using Flywheel.Domain.Scoring.Trends;

namespace Flywheel.Domain.Tests.Scoring.Trends;

public sealed class ModuleTrendTests
{
    private static readonly SegmentEvidence Evidence = Grown(3_000, every: 1_000);

    [Fact]
    public void Of_AllOfTheTime_SumsToWhatWasCounted()
    {
        var points = ModuleTrend.Of(Evidence, 1, 0, long.MaxValue, 100);

        Assert.Equal(Evidence.Buckets.Length, points.Length);
        Assert.Equal(1_500, points.Sum(point => point.Impressions));
        Assert.Equal(150 * Rewards.Micro, points.Sum(point => point.RewardMicros));
        Assert.All(points.Zip(points.Skip(1)), pair => Assert.True(pair.First.EndMs <= pair.Second.StartMs));
        Assert.All(points, point => Assert.InRange(point.Rate!.Value.Mean, point.Rate.Value.Low, point.Rate.Value.High));
        Assert.All(points, point => Assert.True(point.Rate!.Value.Low > 0 && point.Rate.Value.High < 1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Of_FewerPoints_JoinsNeighboursAndLosesNothing(int most)
    {
        var points = ModuleTrend.Of(Evidence, 1, 0, long.MaxValue, most);

        Assert.Equal(most, points.Length);
        Assert.Equal(1_500, points.Sum(point => point.Impressions));
    }

    [Fact]
    public void Of_PartOfTheTime_LeavesTheRestOut()
    {
        var points = ModuleTrend.Of(Evidence, 1, 2_000_000, 2_500_000, 100);

        Assert.NotEmpty(points);
        Assert.All(points, point => Assert.True(point.EndMs >= 2_000_000 && point.StartMs <= 2_500_000));
        Assert.True(points.Length < Evidence.Buckets.Length);
    }

    [Fact]
    public void Of_ModuleWithoutReward_HasAnUpperBoundAlone()
    {
        var point = Assert.Single(ModuleTrend.Of(Evidence, 2, 0, long.MaxValue, 1));

        Assert.Equal((0, 0), (point.RewardMicros, point.Rate!.Value.Low));
        Assert.Equal(0, point.Rate.Value.Mean);
        // z² ÷ n rewards of 0.5.
        Assert.Equal(0.5 * 3.8415 / 1_500, point.Rate.Value.High, 1e-5);
    }

    [Fact]
    public void Of_ModuleThatWasNeverServed_IsEmpty() => Assert.Empty(ModuleTrend.Of(Evidence, 3, 0, long.MaxValue, 10));

    /// <summary>The interval covers the truth as often as it says.</summary>
    [Fact]
    public void Of_RareRewards_CoversTheTruth()
    {
        const double Rate = 0.01;
        var random = new Random(7);
        var covered = 0;
        for (var run = 0; run < 400; run++)
        {
            var table = new EvidenceTable();
            for (var i = 0; i < 500; i++)
                table.Add([1], 1, random.NextDouble() < Rate ? Rewards.Micro : 0, i, i);
            var rate = ModuleTrend.Of(table.ToEvidence(), 1, 0, long.MaxValue, 1)[0].Rate!.Value;
            covered += rate.Low <= Rate && Rate <= rate.High ? 1 : 0;
        }

        // 95 % of 400 is 380; 4 standard deviations of chance are 17.
        Assert.InRange(covered, 363, 400);
    }

    /// <summary>Two modules in turn; every fifth impression of the first earns 0.5.</summary>
    private static SegmentEvidence Grown(int impressions, int every)
    {
        var table = new EvidenceTable();
        for (var i = 0; i < impressions; i++)
            table.Add([i % 2 == 0 ? 1UL : 2UL], 1, i % 10 == 0 ? Rewards.Micro / 2 : 0, (long)i * every, (long)i * every);
        return table.ToEvidence();
    }
}
