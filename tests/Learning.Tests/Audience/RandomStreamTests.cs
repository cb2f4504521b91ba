using Flywheel.Benchmarks.Learning.Audience;

namespace Flywheel.Benchmarks.Learning.Tests.Audience;

public sealed class RandomStreamTests
{
    private const int Draws = 400_000;

    private readonly RandomStream _random = new(7);

    [Fact]
    public void Normal_ManyDraws_HasTheMomentsAndTailsOfANormal()
    {
        var draws = Draw(_random.Normal);

        // Tolerances are five standard errors.
        Assert.InRange(draws.Average(), -0.008, 0.008);
        Assert.InRange(draws.Average(x => x * x), 0.988, 1.012);
        Assert.InRange(draws.Average(x => x * x * x * x), 2.92, 3.08);
        Assert.InRange(draws.Average(x => Math.Abs(x) > 1.959964 ? 1.0 : 0), 0.0483, 0.0517);
        Assert.InRange(draws.Average(x => x > 3.5 ? 1.0 : 0), 0.00011, 0.00035);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2.5)]
    [InlineData(400)]
    public void Gamma_ManyDraws_HasItsMeanVarianceAndSkewness(double shape)
    {
        var draws = Draw(() => (_random.Gamma(shape) - shape) / Math.Sqrt(shape));

        Assert.InRange(draws.Average(), -0.008, 0.008);
        Assert.InRange(draws.Average(x => x * x), 0.97, 1.03);
        Assert.InRange(draws.Average(x => x * x * x) - 2 / Math.Sqrt(shape), -0.15, 0.15);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 500)]
    [InlineData(20, 2000)]
    public void Beta_ManyDraws_HasItsMeanAndVariance(double a, double b)
    {
        var mean = a / (a + b);
        var variance = mean * (1 - mean) / (a + b + 1);

        var draws = Draw(() => (_random.Beta(a, b) - mean) / Math.Sqrt(variance));

        Assert.InRange(draws.Average(), -0.008, 0.008);
        Assert.InRange(draws.Average(x => x * x), 0.97, 1.03);
    }

    [Fact]
    public void Next_SameState_GivesTheSameDraws() => Assert.Equal(new RandomStream(3).Beta(2, 5), new RandomStream(3).Beta(2, 5));

    private static double[] Draw(Func<double> next) => [.. Enumerable.Range(0, Draws).Select(_ => next())];
}
