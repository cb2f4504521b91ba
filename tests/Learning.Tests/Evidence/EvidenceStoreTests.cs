using Flywheel.Benchmarks.Learning.Audience;
using Flywheel.Benchmarks.Learning.Evidence;

namespace Flywheel.Benchmarks.Learning.Tests.Evidence;

public sealed class EvidenceStoreTests
{
    private static readonly Layout Layout = new([2, 2]);

    [Fact]
    public void LastingEvidence_ImpressionAndReward_CountForEveryModuleShown()
    {
        var evidence = new LastingEvidence(Layout, 2);

        evidence.AddImpression(0, 1, 1);
        evidence.AddReward(0, 1, 1);

        Assert.Equal([1, 0, 0, 1], evidence.Impressions(1).ToArray());
        Assert.Equal([1, 0, 0, 1], evidence.Rewards(1).ToArray());
        Assert.Equal([0, 0, 0, 0], evidence.Impressions(0).ToArray());
    }

    [Fact]
    public void DiscountedEvidence_LaterImpression_ShrinksItsOwnSegmentAlone()
    {
        var evidence = new DiscountedEvidence(Layout, 2, 10);

        evidence.AddImpression(0, 0, 0);
        evidence.AddReward(0, 0, 0);
        evidence.AddImpression(1, 1, 3);
        evidence.AddImpression(2, 1, 0);

        Assert.Equal([1, 0, 1, 0], evidence.Rewards(0).ToArray());
        Assert.Equal([1, 0.9, 1, 0.9], evidence.Impressions(1).ToArray());
    }

    [Fact]
    public void WindowedEvidence_ImpressionBeyondTheWindow_LeavesWithItsRewards()
    {
        var evidence = new WindowedEvidence(Layout, 1, 2);

        evidence.AddImpression(0, 0, 0);
        evidence.AddReward(0, 0, 0);
        evidence.AddImpression(1, 0, 3);
        evidence.AddImpression(2, 0, 3);
        evidence.AddReward(0, 0, 0);

        Assert.Equal([0, 2, 0, 2], evidence.Impressions(0).ToArray());
        Assert.Equal([0, 0, 0, 0], evidence.Rewards(0).ToArray());
    }
}
