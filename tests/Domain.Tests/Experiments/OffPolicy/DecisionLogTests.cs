using System.Globalization;
using Flywheel.Domain.Experiments.OffPolicy;

namespace Flywheel.Domain.Tests.Experiments.OffPolicy;

public sealed class DecisionLogTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1.0001, 1)]
    [InlineData(double.NaN, 1)]
    [InlineData(0.5, -1)]
    [InlineData(0.5, double.NaN)]
    [InlineData(0.5, double.PositiveInfinity)]
    public void TryAdd_NumberOutOfRange_Throws(double propensity, double reward)
    {
        var log = new DecisionLog();

        Assert.Throws<ArgumentOutOfRangeException>(() => log.TryAdd("", "a", propensity, reward));
        Assert.Equal(0, log.Count);
    }

    [Fact]
    public void TryAdd_MorePairsThanItHolds_AddsNothing()
    {
        var log = new DecisionLog();
        for (var i = 0; i < DecisionLog.MaxPairs; i++)
            Assert.True(log.TryAdd("", i.ToString(CultureInfo.InvariantCulture), 0.5, 0));

        Assert.False(log.TryAdd("", "one more", 0.5, 0));
        Assert.True(log.TryAdd("", "0", 0.5, 0));
        Assert.Equal(DecisionLog.MaxPairs + 1, log.Count);
    }
}
