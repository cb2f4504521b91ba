using System.Collections.Immutable;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Learning;
using Flywheel.Domain.Learning.Effects;
using Flywheel.Domain.Learning.Evidence;
using MathNet.Numerics.Distributions;

namespace Flywheel.Domain.Tests.Learning;

public sealed class WidthPoolTests
{
    private static readonly ModuleEffectsLearner Learner = new();

    [Fact]
    public void Learn_NoCampaigns_IsTheArchive() => Assert.Equal(EffectWidths.Archive, WidthPool.Learn([]));

    [Fact]
    public void Learn_CampaignsWithoutEvidence_IsTheArchive() =>
        Assert.Equal(EffectWidths.Archive, WidthPool.Learn(Enumerable.Repeat(new SegmentSummary(-4, 3, [[0.4, -0.4, 0.1]], [[1, 2, 0]]), 500)));

    /// <summary>200 campaigns of 4 to 8 modules that are known to 20 to 500 rewards each: to 15 %, two steps of which are the grid's.</summary>
    [Theory]
    [InlineData(0.1)]
    [InlineData(0.25)]
    [InlineData(0.5)]
    public void Learn_ManyCampaigns_FindsHowMuchTheirEffectsVary(double sd)
    {
        for (var seed = 0; seed < 10; seed++)
            Assert.InRange(WidthPool.Learn(Campaigns(seed, 200, sd)).Module, 0.85 * sd, 1.15 * sd);
    }

    /// <summary>The same from counts: what the learner makes of them carries no width of its own.</summary>
    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    public void Learn_FitsOfManyCampaigns_FindHowMuchTheirModulesVary(double sd)
    {
        var random = new Random(7);
        var fits = Enumerable.Range(0, 150).Select(_ =>
        {
            var modules = Enumerable.Range(0, 6).Select(_ => random.Binomial(10_000, 0.01 * Math.Exp(sd * Normal.Sample(random, 0, 1)))).Select(rewards => (10_000L, (double)rewards));
            return Learner.Fit(Evidence.OneSlot([.. modules])).Summary!;
        });

        Assert.InRange(WidthPool.Learn(fits).Module, 0.8 * sd, 1.2 * sd);
    }

    /// <summary>
    /// Fits say it of pairs under the width they expect, so that it is found step by step. Where effects (0.04) are less than half of
    /// their noise (0.1), steps become too small to be taken before it is there.
    /// </summary>
    [Theory]
    [InlineData(0.04, 0.03, 0.085)]
    [InlineData(0.116, 0.095, 0.14)]
    [InlineData(0.35, 0.28, 0.42)]
    public void Learn_FitsOfManyCampaignsOfTwoSlots_FindHowMuchTheirPairsVary(double sd, double least, double most)
    {
        var random = new Random(11);
        var campaigns = Enumerable.Range(0, 80).Select(_ => TwoSlots(random, sd)).ToList();
        var widths = EffectWidths.Archive;
        for (var minute = 0; minute < 12; minute++)
            widths = WidthPool.Settle(widths, WidthPool.Learn([.. campaigns.Select(campaign => Learner.Fit(campaign with { Widths = widths }).Summary!)]));

        Assert.InRange(widths.Pair, least, most);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(20.0)]
    public void Learn_EffectsBeyondAllReason_StaysWithinAQuarterAndFourTimesTheArchive(double sd)
    {
        var campaigns = Campaigns(1, 500, sd).Select(campaign => campaign with { PairsKnown = 30, PairSquares = 30 * sd * sd });

        var widths = WidthPool.Learn(campaigns);

        Assert.InRange(widths.Module / EffectWidths.Archive.Module, 0.25, 4);
        Assert.InRange(widths.Pair / EffectWidths.Archive.Pair, 0.25, 4);
    }

    public static TheoryData<double, double, double> Absurd => new()
    {
        { 1e3, 1e12, 1e15 }, { 0, 1e15, 0 }, { 1e300, 1e300, 1e300 }, { double.NaN, 10, double.NaN }, { double.PositiveInfinity, 10, double.PositiveInfinity },
    };

    [Theory]
    [MemberData(nameof(Absurd))]
    public void Learn_OneCampaignWithAbsurdCounts_MovesNothingByMoreThanAStep(double effect, double precision, double pairSquares)
    {
        for (var seed = 0; seed < 5; seed++)
        {
            var campaigns = Campaigns(seed, 20, 0.2);
            var absurd = new SegmentSummary(-4, 1e18, [[.. Enumerable.Range(0, 32).Select(i => i % 2 == 0 ? effect : -effect)]], [[.. Enumerable.Repeat(precision, 32)]])
            {
                PairsKnown = 99,
                PairSquares = pairSquares,
            };

            var (without, with) = (WidthPool.Learn(campaigns), WidthPool.Learn([.. campaigns, absurd]));

            Assert.InRange(with.Module / without.Module, 1 / 1.051, 1.051);
            Assert.InRange(with.Pair / without.Pair, 1 / 1.051, 1.051);
        }
    }

    [Fact]
    public void Learn_OneCampaignWhoseEffectsAreTwiceAsWide_MovesLittle()
    {
        for (var seed = 0; seed < 20; seed++)
            Assert.InRange(WidthPool.Learn(Campaigns(seed, 1, 0.5)).Module / EffectWidths.Archive.Module, 0.9, 1.3);
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(1.05)]
    [InlineData(0.953)]
    public void Settle_AHairsBreadth_StaysAsItWas(double factor)
    {
        var current = EffectWidths.Archive;

        Assert.Equal(current, WidthPool.Settle(current, new EffectWidths(current.Module * factor, current.Pair * factor)));
        Assert.Equal(new EffectWidths(0.5, current.Pair), WidthPool.Settle(current, new EffectWidths(0.5, current.Pair * factor)));
    }

    private static List<SegmentSummary> Campaigns(int seed, int many, double sd)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, many).Select(_ =>
        {
            var precisions = Enumerable.Range(0, random.Next(4, 9)).Select(_ => 20 * Math.Pow(25, random.NextDouble())).ToImmutableArray();
            // A slot's level is not known for sure: all of its effects may be off alike.
            var off = Normal.Sample(random, 0, 0.2);
            return new SegmentSummary(-4, precisions.Sum(), [[.. precisions.Select(precision => off + Normal.Sample(random, 0, Math.Sqrt(sd * sd + 1 / precision)))]], [precisions]);
        })];
    }

    /// <summary>Three modules and four, each combination served 5,000 times at about 2 %.</summary>
    private static LearnerInput TwoSlots(Random random, double sd)
    {
        const int First = 3, Second = 4, Impressions = 5_000;
        var (first, second) = (Effects(First, 0.25), Effects(Second, 0.25));
        var rewards = new long[First, Second];
        for (var i = 0; i < First; i++)
        {
            for (var j = 0; j < Second; j++)
                rewards[i, j] = random.Binomial(Impressions, 0.02 * Math.Exp(first[i] + second[j] + Normal.Sample(random, 0, sd)));
        }
        var keys = Enumerable.Range(1, First + Second).Select(key => (ulong)key).ToImmutableArray();
        var total = rewards.Cast<long>().Sum();
        var byModule = Enumerable.Range(0, First).Select(i => Enumerable.Range(0, Second).Sum(j => rewards[i, j]))
            .Concat(Enumerable.Range(0, Second).Select(j => Enumerable.Range(0, First).Sum(i => rewards[i, j])));
        var served = Enumerable.Repeat((long)Second * Impressions, First).Concat(Enumerable.Repeat((long)First * Impressions, Second));
        var bucket = new EvidenceBucket(
            0, 1_000, First * Second * Impressions, total * Rewards.Micro, total, total, [.. served], [.. byModule.Select(module => module * Rewards.Micro)]);
        var pairs = from i in Enumerable.Range(0, First)
                    from j in Enumerable.Range(0, Second)
                    select new PairTally(i, First + j, Impressions, rewards[i, j] * Rewards.Micro);
        var counts = new SegmentCounts(1, default, []) { Evidence = new SegmentEvidence(1_000, keys, [bucket], [.. pairs], []) };
        return new LearnerInput([keys[..First], keys[First..]], counts, 1, 0, 0, Rewards.Micro, Evidence.Seed) { Explain = false };

        double[] Effects(int many, double width) => [.. Enumerable.Range(0, many).Select(_ => Normal.Sample(random, 0, width))];
    }
}
