using System.Collections.Immutable;
using CsCheck;
using Flywheel.Decisions;
using MathNet.Numerics.Distributions;

namespace Flywheel.Domain.Tests.Learning;

public sealed class NarrowingTests
{
    /// <summary>Of a chi-squared test: with fixed seeds it passes for ever or says that something changed.</summary>
    private const double Significance = 1e-4;

    /// <summary>A policy, and some modules of each slot.</summary>
    private static readonly Gen<(PolicyCase Case, Narrowing Among)> Any = Gen.Select(PolicyCase.Any, Gen.Int[1, 31].Array[3]).Select((sample, masks) =>
        (sample, new Narrowing(sample.Shape, [.. sample.Shape.Select((many, slot) => Of(many, masks[slot]))])));

    [Fact]
    public void PropensityOf_CombinationsThatFit_SumToOneAndKeepTheFloor() => Any.ForAll(500, sample =>
    {
        var policy = sample.Case.Policy;
        var (fitting, others) = (sample.Case.Combinations().Where(sample.Among.Fits).ToList(), sample.Case.Combinations().Where(each => !sample.Among.Fits(each)));

        Assert.Equal(1, fitting.Sum(each => sample.Among.PropensityOf(policy, each)), 1e-9);
        Assert.All(fitting, each => Assert.InRange(sample.Among.PropensityOf(policy, each), sample.Case.MinPropensity - 1e-12, 1 + 1e-12));
        Assert.All(others, each => Assert.Equal(0, sample.Among.PropensityOf(policy, each)));
    });

    [Fact]
    public void Choose_AnyRandom_FitsStaysInItsGroupAndKeepsWhatThePolicyServesWhereThatFits() => Any.ForAll(100, sample =>
    {
        var policy = sample.Case.Policy;
        foreach (var random in Randoms.Bits(seed: 1, 300))
        {
            var (own, choice) = (policy.Choose(random), sample.Among.Choose(policy, random));

            Assert.True(sample.Among.Fits(choice.Combination));
            Assert.Equal(own.Group, choice.Group);
            Assert.Equal(sample.Among.PropensityOf(policy, choice.Combination), choice.Propensity);
            Assert.InRange(choice.Propensity, double.Epsilon, 1 + 1e-12);
            if (sample.Among.Fits(own.Combination) && policy.Combinations.ToArray().Any(sample.Among.Fits))
                Assert.Equal(own.Combination, choice.Combination);
        }
    });

    [Fact]
    public void Choose_WhereAllFits_IsWhatThePolicyServes() => PolicyCase.Any.ForAll(100, sample =>
    {
        var among = new Narrowing(sample.Shape, [.. sample.Shape.Select(many => Enumerable.Range(0, many).ToImmutableArray())]);
        foreach (var random in Randoms.Bits(seed: 2, 300))
        {
            var (own, choice) = (sample.Policy.Choose(random), among.Choose(sample.Policy, random));

            Assert.Equal((own.Combination, own.Group), (choice.Combination, choice.Group));
            Assert.Equal(own.Propensity, choice.Propensity, 1e-9);
        }
    });

    [Theory]
    [InlineData(0.05, 0.0)]
    [InlineData(0.3, 0.05)]
    [InlineData(0.0, 0.04)]
    [InlineData(1.0, 0.0)]
    public void Choose_ManyRequests_ServesAsOftenAsItStates(double control, double minPropensity)
    {
        const int Requests = 300_000;
        ImmutableArray<int> shape = [4, 3];
        var all = PolicyCase.AllOf(shape).ToArray();
        var policy = new SegmentPolicy(1, shape, [.. Enumerable.Range(0, 512).Select(i => all[i * i % 7])], control, minPropensity);
        var among = new Narrowing(shape, [[0, 1, 3], [0, 2]]);
        var served = Randoms.Bits(seed: 3, Requests).CountBy(random => among.Choose(policy, random).Combination).ToDictionary();

        var fitting = all.Where(each => among.PropensityOf(policy, each) > 0).ToList();
        var chiSquared = fitting.Sum(each => Math.Pow(served.GetValueOrDefault(each) - Requests * among.PropensityOf(policy, each), 2) / (Requests * among.PropensityOf(policy, each)));
        Assert.Equal(Requests, fitting.Sum(each => served.GetValueOrDefault(each)));
        Assert.True(fitting.Count > 1 && ChiSquared.CDF(fitting.Count - 1, chiSquared) < 1 - Significance, $"χ² {chiSquared} of {fitting.Count} combinations");
    }

    [Fact]
    public void New_SlotWithoutAModule_SaysSo() => Assert.Throws<ArgumentException>(() => new Narrowing([2, 2], [[0], []]));

    /// <summary>The modules of a slot whose bit is set; the first where none is.</summary>
    private static ImmutableArray<int> Of(int many, int mask) => Enumerable.Range(0, many).Where(module => (mask >> module & 1) != 0).ToImmutableArray() is { IsEmpty: false } some ? some : [0];
}
