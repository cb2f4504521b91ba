using Flywheel.Decisions;


namespace Flywheel.Domain.Tests.Numerics;

public sealed class SaturatingTests
{
    [Theory]
    [InlineData(2, 3, 5)]
    [InlineData(long.MaxValue, 0, long.MaxValue)]
    [InlineData(long.MaxValue - 1, 1, long.MaxValue)]
    [InlineData(long.MaxValue, 1, long.MaxValue)]
    [InlineData(long.MaxValue, long.MaxValue, long.MaxValue)]
    public void Add_AnyCounts_StopsAtTheLargest(long a, long b, long sum) => Assert.Equal((sum, sum), (Saturating.Add(a, b), Saturating.Add(b, a)));

    [Theory]
    [InlineData(2, 3, 6)]
    [InlineData(long.MaxValue, 0, 0)]
    [InlineData(long.MaxValue, 1, long.MaxValue)]
    [InlineData(1L << 32, 1L << 31, long.MaxValue)]
    [InlineData(1_000_000_000_000, 1_000_000, 1_000_000_000_000_000_000)]
    public void Multiply_AnyCounts_StopsAtTheLargest(long a, long b, long product) => Assert.Equal((product, product), (Saturating.Multiply(a, b), Saturating.Multiply(b, a)));
}
