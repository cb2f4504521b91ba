using Flywheel.Domain.Numerics;

namespace Flywheel.Domain.Tests.Numerics;

public sealed class SpecialFunctionsTests
{
    [Theory]
    [InlineData(1.0, 1.6449340668482264)]
    [InlineData(0.5, 4.934802200544679)]
    [InlineData(0.25, 17.197329154507109)]
    [InlineData(2.0, 0.6449340668482264)]
    [InlineData(8.0, 0.13313701469403142)]
    [InlineData(10.0, 0.10516633568168575)]
    [InlineData(1_000.0, 0.0010005001666666333)]
    [InlineData(1e12, 1e-12)]
    public void Trigamma_KnownValues_AreMetToNineDigits(double x, double expected) => Assert.Equal(1, SpecialFunctions.Trigamma(x) / expected, 1e-9);

    [Fact]
    public void Trigamma_EverywhereAboveZero_ObeysItsRecurrence()
    {
        for (var x = 1e-6; x < 1e6; x *= 1.37)
            Assert.Equal(1, (SpecialFunctions.Trigamma(x + 1) + 1 / (x * x)) / SpecialFunctions.Trigamma(x), 1e-9);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(-1.0)]
    public void Trigamma_NotAboveZero_Throws(double x) => Assert.Throws<ArgumentOutOfRangeException>(() => SpecialFunctions.Trigamma(x));

    [Fact]
    public void Digamma_OfOne_IsMinusEulersConstant() => Assert.Equal(-0.5772156649015329, SpecialFunctions.Digamma(1), 1e-12);

    [Theory]
    [InlineData(0.0, 0.5)]
    [InlineData(2.0, 0.8807970779778823)]
    [InlineData(-745.0, 0.0)]
    [InlineData(1e6, 1.0)]
    [InlineData(-1e6, 0.0)]
    public void Expit_AtAnyLogOdds_IsAProbability(double logOdds, double expected) => Assert.Equal(expected, SpecialFunctions.Expit(logOdds), 1e-12);

    /// <summary>All 65,536 quantiles: mean 0, variance 1, skewness 0, kurtosis 3, to the stated tolerances.</summary>
    [Fact]
    public void NormalFrom_OverAllItsQuantiles_HasTheMomentsOfANormal()
    {
        var draws = Enumerable.Range(0, 1 << 16).Select(i => (double)SpecialFunctions.NormalFrom((ulong)i << 48)).ToArray();

        Assert.Equal(0, draws.Average(), 1e-6);
        Assert.Equal(1, draws.Average(x => x * x), 1e-3);
        Assert.Equal(0, draws.Average(x => x * x * x), 1e-5);
        Assert.Equal(3, draws.Average(x => x * x * x * x), 0.01);
        Assert.True(draws[0] is < -4.1 and > -4.4 && draws[^1] is > 4.1 and < 4.4);
        Assert.Equal(draws.Order(), draws);
    }
}
