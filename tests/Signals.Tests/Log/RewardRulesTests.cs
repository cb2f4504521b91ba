using System.Numerics;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Signals.Tests.Log;

public sealed class RewardRulesTests
{
    private static readonly ulong Sale = RewardRules.TypeKey("sale");

    [Theory]
    [InlineData(49.9, 100_000, 4_990_000)]
    [InlineData(0.1 + 0.2, 1_000_000, 300_000)]
    [InlineData(0.5, 1, 1)]
    [InlineData(0.49, 1, 0)]
    [InlineData(0, 1_000_000, 0)]
    [InlineData(1e300, 0, 0)]
    [InlineData(5e-324, 1_000_000, 0)]
    [InlineData(1e6, 1_000_000_000_000, 1_000_000_000_000_000_000)]
    [InlineData(9.2233720368547758e12, 1_000_000, long.MaxValue)]
    [InlineData(1e19, 1, long.MaxValue)]
    [InlineData(double.MaxValue, 1_000_000_000_000, long.MaxValue)]
    public void RewardOfValue_OfAValue_IsRoundedOnceAndNeverBeyondALong(double value, long microsPerValue, long expected) =>
        Assert.Equal(expected, Rules(microsPerValue).RewardOfValue(Sale, value));

    [Fact]
    public void RewardOfValue_OfAnAmountInCents_IsTheExactProductRoundedOnce()
    {
        var random = new Random(1);
        for (var i = 0; i < 10_000; i++)
        {
            var (cents, microsPerValue) = (random.NextInt64(1L << random.Next(40)), random.NextInt64(1L << random.Next(40)));
            var exact = (new BigInteger(cents) * microsPerValue + 50) / 100;
            Assert.Equal((long)BigInteger.Min(exact, long.MaxValue), Rules(microsPerValue).RewardOfValue(Sale, cents / 100.0));
        }
    }

    [Fact]
    public void RewardOfValue_OfAnotherType_IsNothing() => Assert.Equal(0, Rules(1_000_000).RewardOfValue(RewardRules.TypeKey("click"), 5));

    [Fact]
    public void From_ACampaignsRewards_NamesEveryType()
    {
        var rewards = new Rewards(Rewards.Default.WeightsMicros, 50_000_000) { PerValueMicros = Rewards.Default.PerValueMicros.Add("sale", 100_000) };

        var rules = RewardRules.From(rewards);

        Assert.Equal([(RewardRules.TypeKey("click"), 1_000_000), (Sale, 0)], rules.Types);
        Assert.Equal([(Sale, 100_000)], rules.PerValue);
        Assert.Equal(RewardRules.From(rewards), rules);
        Assert.NotEqual(RewardRules.From(rewards with { PerValueMicros = rewards.PerValueMicros.SetItem("sale", 1) }), rules);
    }

    private static RewardRules Rules(long microsPerValue) => new(1_000_000, [(Sale, 0)]) { PerValue = [(Sale, microsPerValue)] };
}
