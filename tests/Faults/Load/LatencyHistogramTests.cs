namespace Flywheel.Faults.Load;

public sealed class LatencyHistogramTests
{
    [Theory]
    [InlineData(0.5, 5_000)]
    [InlineData(0.99, 9_900)]
    [InlineData(1.0, 10_000)]
    public void Quantile_OfEvenTimes_IsAtMostASixteenthTooHigh(double share, double expectedMs)
    {
        var histogram = new LatencyHistogram();
        for (var ms = 1; ms <= 10_000; ms++)
            histogram.Add(TimeSpan.FromMilliseconds(ms));

        Assert.InRange(histogram.Quantile(share).TotalMilliseconds, expectedMs, expectedMs * 17 / 16);
        Assert.Equal(10_000, histogram.Count);
    }

    [Fact]
    public void Quantile_OfNothing_IsZero() => Assert.Equal(TimeSpan.Zero, new LatencyHistogram().Quantile(0.99));
}
