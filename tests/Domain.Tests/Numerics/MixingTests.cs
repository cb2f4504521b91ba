using Flywheel.Decisions;


namespace Flywheel.Domain.Tests.Numerics;

/// <summary>These values are stored, or choose what a unit is served: they never change.</summary>
public sealed class MixingTests
{
    [Theory]
    [InlineData(0UL, 0xE220A8397B1DCDAFUL)]
    [InlineData(0x9E3779B97F4A7C15UL, 0x6E789E6AA1B965F4UL)]
    [InlineData(0x3C6EF372FE94F82AUL, 0x06C45D188009454FUL)]
    public void Spread_PublishedSequenceOfSplitMix64_IsReproduced(ulong value, ulong spread) => Assert.Equal(spread, Mixing.Spread(value));

    [Theory]
    [InlineData("", 0x2D06800538D394C2UL)]
    [InlineData("abc", 0x78AF5F94892F3950UL)]
    public void Of_PublishedValuesOfXxh3_AreReproduced(string text, ulong hash) => Assert.Equal(hash, Mixing.Of(text));

    [Fact]
    public void Of_TextAndItsBytes_AreTheSame()
    {
        var text = string.Concat(Enumerable.Repeat("déjà 素 🏃", 40));

        Assert.Equal(Mixing.Of(System.Text.Encoding.UTF8.GetBytes(text), seed: 5), Mixing.Of(text, seed: 5));
        Assert.NotEqual(Mixing.Of(text, seed: 5), Mixing.Of(text, seed: 6));
    }

    [Fact]
    public void ToUnit_OfAnyBits_IsFromZeroToBelowOne()
    {
        Assert.Equal(0, Mixing.ToUnit(0));
        Assert.Equal(0.5, Mixing.ToUnit(1UL << 63));
        Assert.True(Mixing.ToUnit(ulong.MaxValue) is > 0.9999999999999 and < 1);
    }

    /// <summary>Strict avalanche criterion, to within 4 standard errors of 4,096 inputs.</summary>
    [Fact]
    public void Spread_AnyInputBitFlipped_ChangesHalfOfTheOutput()
    {
        var inputs = Randoms.Bits(seed: 1, 4_096);
        for (var bit = 0; bit < 64; bit++)
        {
            var changed = inputs.Sum(input => System.Numerics.BitOperations.PopCount(Mixing.Spread(input) ^ Mixing.Spread(input ^ (1UL << bit)))) / (64.0 * inputs.Length);
            Assert.True(Math.Abs(changed - 0.5) < 4 * 0.5 / Math.Sqrt(64.0 * inputs.Length), $"bit {bit}: {changed}");
        }
    }
}
