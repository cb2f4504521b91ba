using System.Collections.Immutable;
using CsCheck;
using Flywheel.Domain.Learning;
using Flywheel.Domain.Scoring;
using Flywheel.Domain.Tests.Learning;
using MathNet.Numerics.Distributions;

namespace Flywheel.Domain.Tests.Scoring;

public sealed class ResonanceScaleTests
{
    private static readonly Gen<ImmutableArray<ModuleEstimate>> AnySlot =
        Gen.Select(Gen.Double[-14, 8], Gen.Double[0, 4], Gen.Double[0, 3]).Select((logOdds, sd, level) => new ModuleEstimate(1 / (1 + Math.Exp(-logOdds)), logOdds, sd, Math.Sqrt(sd * sd + level), 0, 0))
            .Array[1, 32].Select(modules => modules.ToImmutableArray());

    [Fact]
    public void Resonances_SingleModule_IsExactlyTheAverage()
    {
        var fit = new ModuleEffectsLearner().Fit(Evidence.OneSlot((1_000, 40)));

        Assert.Equal([new Interval(100, 100, 100)], ResonanceScale.Resonances(fit.Modules[0]));
    }

    [Fact]
    public void Resonances_AnySlot_AverageAHundredInsideTheirIntervals() => AnySlot.ForAll(1_000, slot =>
    {
        var resonances = ResonanceScale.Resonances(slot);

        Assert.Equal(100, resonances.Average(resonance => resonance.Mean), 1e-9);
        Assert.All(resonances, AssertInside);
    });

    [Fact]
    public void Rate_AnyModule_LiesInsideItsInterval() => AnySlot.ForAll(200, slot => Assert.All(slot, module =>
    {
        var rate = ResonanceScale.Rate(module, cap: 5);

        Assert.Equal(5 * module.Rate, rate.Mean);
        Assert.InRange(rate.High, rate.Low, 5);
        AssertInside(rate);
    }));

    [Fact]
    public void Rate_WithoutEvidence_IsWide()
    {
        var rate = ResonanceScale.Rate(new ModuleEffectsLearner().Fit(Evidence.OneSlot((0, 0), (0, 0))).Modules[0][0], cap: 1);

        Assert.True(rate.Low < rate.Mean / 5 && rate.High > rate.Mean * 5, $"{rate}");
    }

    [Fact]
    public void Rate_OfAModuleWithoutEvidenceAmongKnownOnes_IsWiderThanTheirs()
    {
        var modules = new ModuleEffectsLearner().Fit(Evidence.OneSlot((20_000, 400), (20_000, 420), (0, 0))).Modules[0].Select(module => ResonanceScale.Rate(module, cap: 1)).ToArray();

        Assert.True(modules[2].High - modules[2].Low > 3 * (modules[0].High - modules[0].Low));
    }

    /// <summary>
    /// 600 seeded slots of four modules whose rates spread as the archive's do (log-normal, 25 %) around a level of 1 to 6 %:
    /// the true resonance and the true rate are inside their intervals in 95 % of them, to within 3 points.
    /// </summary>
    [Theory]
    [InlineData(200)]
    [InlineData(2_000)]
    [InlineData(20_000)]
    public void Intervals_OverManySlots_CoverTheTruthAtTheirNominalRate(int impressions)
    {
        const int Slots = 600;
        const int Modules = 4;
        var random = new Random(impressions);
        var (resonancesCovered, ratesCovered) = (0, 0);
        for (var i = 0; i < Slots; i++)
        {
            var level = 0.01 * Math.Pow(6, random.NextDouble());
            var rates = Enumerable.Range(0, Modules).Select(_ => level * LogNormal.Sample(random, 0, 0.25)).ToArray();
            var fit = new ModuleEffectsLearner().Fit(Evidence.OneSlot([.. rates.Select(rate => ((long)impressions, (double)random.Binomial(impressions, rate)))])).Modules[0];
            var resonances = ResonanceScale.Resonances(fit);
            for (var m = 0; m < Modules; m++)
            {
                resonancesCovered += Covers(resonances[m], 100 * rates[m] / rates.Average()) ? 1 : 0;
                ratesCovered += Covers(ResonanceScale.Rate(fit[m], cap: 1), rates[m]) ? 1 : 0;
            }
        }

        Assert.InRange(resonancesCovered / (double)(Slots * Modules), 0.92, 0.98);
        Assert.InRange(ratesCovered / (double)(Slots * Modules), 0.92, 0.98);
    }

    [Fact]
    public void Pooled_SingleModule_IsItsOwnResonance() => AnySlot.ForAll(500, slot =>
    {
        var (pooled, own) = (ResonanceScale.Pooled(slot, [0]), ResonanceScale.Resonances(slot)[0]);

        Assert.Equal(own.Mean, pooled.Mean, own.Mean * 1e-6);
        Assert.Equal(own.Low, pooled.Low, own.Low * 1e-6 + 1e-9);
    });

    [Fact]
    public void Pooled_TwoModulesThatAreAlike_IsNarrowerThanEither()
    {
        var slot = new ModuleEffectsLearner().Fit(Evidence.OneSlot((5_000, 200), (5_000, 200), (5_000, 100), (5_000, 100))).Modules[0];
        var (pooled, own) = (ResonanceScale.Pooled(slot, [0, 1]), ResonanceScale.Resonances(slot)[0]);

        Assert.Equal(own.Mean, pooled.Mean, 0.5);
        Assert.True(pooled.Low > own.Low && pooled.High < own.High, $"{pooled} {own}");
    }

    /// <summary>400 seeded slots of six modules, three of which share a value: what they earn together is inside in 95 %, to within 4 points.</summary>
    [Fact]
    public void Pooled_OverManySlots_CoversTheTruthAtItsNominalRate()
    {
        const int Slots = 400;
        var (random, covered) = (new Random(11), 0);
        for (var i = 0; i < Slots; i++)
        {
            var rates = Enumerable.Range(0, 6).Select(_ => 0.03 * LogNormal.Sample(random, 0, 0.25)).ToArray();
            var slot = new ModuleEffectsLearner().Fit(Evidence.OneSlot([.. rates.Select(rate => (4_000L, (double)random.Binomial(4_000, rate)))])).Modules[0];
            var truth = 100 * Math.Exp(rates.Take(3).Average(Math.Log)) / rates.Average();
            covered += Covers(ResonanceScale.Pooled(slot, [0, 1, 2]), truth) ? 1 : 0;
        }

        Assert.InRange(covered / (double)Slots, 0.91, 0.99);
    }

    [Fact]
    public void Pooled_NoModule_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => ResonanceScale.Pooled([new ModuleEstimate(0.1, -2, 0.1, 0.1, 1, 1)], []));

    [Theory]
    [InlineData(101, 180, ModuleState.Rising)]
    [InlineData(100.01, 100.02, ModuleState.Rising)]
    [InlineData(100, 139, ModuleState.Steady)]
    [InlineData(80, 119, ModuleState.Steady)]
    [InlineData(30, 99, ModuleState.Steady)]
    [InlineData(80, 120, ModuleState.Learning)]
    [InlineData(99, 180, ModuleState.Learning)]
    public void StateOf_AnInterval_SaysWhatIsKnown(double low, double high, ModuleState state) => Assert.Equal(state, ResonanceScale.StateOf(new Interval((low + high) / 2, low, high)));

    private static bool Covers(Interval interval, double truth) => interval.Low <= truth && truth <= interval.High;

    private static void AssertInside(Interval interval) =>
        Assert.True(double.IsFinite(interval.Low) && double.IsFinite(interval.High) && interval.Low <= interval.Mean && interval.Mean <= interval.High, $"{interval}");
}
