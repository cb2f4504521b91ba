using Flywheel.Benchmarks.Learning.Results;

namespace Flywheel.Benchmarks.Learning.Tests.Results;

public sealed class EstimateTests
{
    [Fact]
    public void Of_ThreeSeeds_HasTheStandardErrorAndStudentsInterval()
    {
        var estimate = Estimate.Of([1, 2, 3]);

        Assert.Equal(2, estimate.Mean, 9);
        Assert.Equal(1 / Math.Sqrt(3), estimate.Error, 9);
        Assert.Equal(4.302653 / Math.Sqrt(3), estimate.HalfWidth, 5);
    }

    [Fact]
    public void OfPairs_SameShiftInEverySeed_HasNoError() => Assert.Equal(new Estimate(2, 0, 0), Estimate.OfPairs([3, 7, 5], [1, 5, 3]));

    [Fact]
    public void Of_OneSeed_ClaimsNoError() => Assert.Equal(new Estimate(4, 0, 0), Estimate.Of([4]));
}
