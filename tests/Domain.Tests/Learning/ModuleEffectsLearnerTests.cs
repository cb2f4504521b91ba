using System.Text.Json;
using CsCheck;
using Flywheel.Decisions;
using Flywheel.Domain.Learning;

namespace Flywheel.Domain.Tests.Learning;

public sealed class ModuleEffectsLearnerTests
{
    private static readonly ModuleEffectsLearner Learner = new();

    /// <summary>Shares of 4,096 draws over 4 modules, within 4 standard errors.</summary>
    [Fact]
    public void Fit_NoEvidence_IsNearUniform()
    {
        var modules = Learner.Fit(Evidence.OneSlot((0, 0), (0, 0), (0, 0), (0, 0))).Modules[0];

        Assert.All(modules, module => Assert.Equal(0.25, module.Share, 4 * Math.Sqrt(0.25 * 0.75 / SegmentPolicy.Entries)));
        Assert.All(modules, module => Assert.Equal(modules[0].Rate, module.Rate));
    }

    [Theory]
    [InlineData(TallySource.Learned)]
    [InlineData(TallySource.Control)]
    public void Fit_ClearEvidence_GivesTheBetterModuleTheTraffic(TallySource source)
    {
        var modules = Learner.Fit(Evidence.OneSlot(source, (10_000, 200), (10_000, 300), (10_000, 210))).Modules[0];

        Assert.True(modules[1].Share > 0.99 && modules[1].ProbabilityBest > 0.95, $"{modules[1]}");
        Assert.Equal(modules.OrderBy(module => module.Rate), (ModuleEstimate[])[modules[0], modules[2], modules[1]]);
        Assert.Equal(0.03, modules[1].Rate, 0.002);
    }

    [Fact]
    public void Fit_WhatOthersServed_IsNeverLearntFrom()
    {
        var observed = Learner.Fit(Evidence.OneSlot(TallySource.Observed, (10_000, 10), (10_000, 900)));

        Assert.Equal(Learner.Fit(Evidence.OneSlot((0, 0), (0, 0))).Policy.Draws(), observed.Policy.Draws());
    }

    [Fact]
    public void Fit_ModuleWithoutEvidence_IsTriedAtTheSegmentsRate()
    {
        var modules = Learner.Fit(Evidence.OneSlot((5_000, 100), (5_000, 110), (0, 0))).Modules[0];

        Assert.Equal(0.021, modules[2].Rate, 0.001);
        Assert.InRange(modules[2].Share, 0.1, 0.9);
        Assert.True(modules[2].LogOddsSd > 2 * modules[0].LogOddsSd);
    }

    [Fact]
    public void Fit_SameInput_GivesTheSameTable()
    {
        var input = Evidence.OneSlot((900, 20), (1_100, 31), (400, 7));

        Assert.Equal(Learner.Fit(input).Policy.Draws(), new ModuleEffectsLearner().Fit(input).Policy.Draws());
        Assert.NotEqual(Learner.Fit(input).Policy.Draws(), Learner.Fit(input with { Seed = 78 }).Policy.Draws());
    }

    [Fact]
    public void Fit_AnyInput_CarriesItsParametersIntoThePolicy()
    {
        var policy = Learner.Fit(Evidence.OneSlot((0, 0), (0, 0)) with { PolicyVersion = 42, Control = 0.1, MinPropensity = 0.2 }).Policy;

        Assert.Equal((42, 0.1, 0.2, false), (policy.Version, policy.Control, policy.MinPropensity, policy.IsFallback));
    }

    [Fact]
    public void Fit_GeneratedEvidence_SharesAndChancesSumToOne()
    {
        var module = Gen.Select(Gen.Int[0, 6], Gen.Double.Unit, Gen.Double.Unit).Select((digits, size, rate) => ((long)(size * Math.Pow(10, digits)), size * Math.Pow(10, digits) * rate * rate));
        module.Array[1, 12].ForAll(100, modules => AssertSound(Learner.Fit(Evidence.OneSlot(modules))));
    }

    public static TheoryData<string, (long, double)[]> Extremes => new()
    {
        { "rewards without impressions", [(0, 5), (0, 0)] },
        { "more rewards than impressions", [(10, 1_000), (10, 5)] },
        { "every impression earns", [(1_000, 1_000), (1_000, 1_000)] },
        { "a billion of a trillion", [(1_000_000_000_000, 1e9), (1_000_000_000_000, 2e9)] },
        { "a trillion against nothing", [(1_000_000_000_000, 1e9), (0, 0)] },
        { "a trillion without a reward", [(1_000_000_000_000, 0), (1_000_000_000_000, 0)] },
        { "a trillion, and each one earns", [(1_000_000_000_000, 1e12), (1_000_000_000_000, 1e12)] },
        { "one module", [(100, 3)] },
        { "32 modules", [.. Enumerable.Range(0, 32).Select(i => (100L * i, (double)i))] },
        { "the least reward", [(1, 0.000001), (1, 0)] },
    };

    [Theory]
    [MemberData(nameof(Extremes))]
    public void Fit_ExtremeEvidence_StaysFiniteAndSound(string name, (long, double)[] modules)
    {
        Assert.NotEmpty(name);
        AssertSound(Learner.Fit(Evidence.OneSlot(modules)));
        AssertSound(Learner.Fit(Evidence.OneSlot(modules) with { RewardCapMicros = 0 }));
        AssertSound(Learner.Fit(Evidence.OneSlot(modules) with { Control = 1 }));
    }

    [Fact]
    public void Fit_EightSlotsOfEight_EnumeratesNothing()
    {
        var input = Evidence.Slots([8, 8, 8, 8, 8, 8, 8, 8], SegmentCounts.None) with { Control = 0.05, MinPropensity = 1e-8 };
        Learner.Fit(input);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var fit = Learner.Fit(input);

        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 2_000_000, "a fit takes memory for its draws, not for 16.7 million combinations");
        AssertSound(fit);
        Assert.True(fit.Policy.DistinctCombinations > 4_000);
    }

    [Fact]
    public void Fit_OneMoreSlot_LeavesTheOthersAlone()
    {
        var counts = Evidence.Counts(TallySource.Learned, (900, 20), (1_100, 31));
        var (two, three) = (Learner.Fit(Evidence.Slots([2, 3], counts)).Policy.Draws(), Learner.Fit(Evidence.Slots([2, 3, 4], counts)).Policy.Draws());

        Assert.Equal(two, three.Select(combination => combination & 0xFFFF));
    }

    /// <summary>A unit belongs to an entry of the table: it is moved where its entry's winner changed, and nowhere else.</summary>
    [Fact]
    public void Fit_MoreEvidence_MovesOnlyTheUnitsOfEntriesThatChanged()
    {
        var before = Learner.Fit(Evidence.OneSlot((900, 20), (1_100, 31), (400, 7))).Policy;
        var after = Learner.Fit(Evidence.OneSlot((930, 20), (1_170, 33), (420, 8))).Policy;
        var entries = before.Draws().Zip(after.Draws()).Where(pair => pair.First != pair.Second).ToArray();
        var units = Randoms.Bits(seed: 12, 20_000);
        var moves = units.Select(unit => (before.Choose(unit).Combination, after.Choose(unit).Combination)).Where(pair => pair.Item1 != pair.Item2).ToArray();

        Assert.NotEmpty(entries);
        Assert.Subset(entries.ToHashSet(), moves.ToHashSet());
        Assert.Equal(entries.Length / (double)SegmentPolicy.Entries, moves.Length / (double)units.Length, 0.01);
        Assert.True(entries.Length < SegmentPolicy.Entries / 5, $"{entries.Length} entries moved for 3 rewards");
    }

    [Fact]
    public void Serialize_AFit_ComesBackWhole()
    {
        var fit = Learner.Fit(Evidence.OneSlot((900, 20), (1_100, 31)));

        var back = JsonSerializer.Deserialize<SegmentFit>(JsonSerializer.Serialize(fit))!;

        Assert.Equal(fit.Modules[0], back.Modules[0]);
        Assert.Equal(fit.Policy.Draws(), back.Policy.Draws());
    }

    /// <summary>Rates 1, 1.5 and 2 %, 30,000 impressions, 20 seeds: at least 0.5 of the headroom over the uniform policy, and the best ends up on top.</summary>
    [Fact]
    public void Fit_OverSimulatedTraffic_CapturesHalfOfTheHeadroom()
    {
        var worlds = Enumerable.Range(1, 20).Select(seed => new HeadlineSimulation([0.01, 0.015, 0.02], seed)).ToArray();
        Parallel.ForEach(worlds, world => world.Run(impressions: 30_000, refitEvery: 200));

        var captured = worlds.Average(world => world.HeadroomCaptured);
        Assert.True(captured > 0.5, $"captured {captured:0.00}");
        Assert.All(worlds, world => Assert.Equal(1, world.Shares.Sum(), 1e-9));
        Assert.True(worlds.Average(world => world.Shares[2]) > 0.8, $"the best module ends at {worlds.Average(world => world.Shares[2]):0.00}");
    }

    private static void AssertSound(SegmentFit fit)
    {
        foreach (var (slot, modules) in fit.Modules.Index())
        {
            Assert.Equal(1, modules.Sum(module => module.Share), 1e-9);
            Assert.Equal(1, modules.Sum(module => module.ProbabilityBest), 1e-9);
            Assert.All(modules, module =>
            {
                Assert.InRange(module.Rate, 0, 1);
                Assert.InRange(module.Share, 0, 1 + 1e-9);
                Assert.True(double.IsFinite(module.LogOdds) && double.IsFinite(module.LogOddsSd) && double.IsFinite(module.RateSd) && module.LogOddsSd >= 0 && module.RateSd >= module.LogOddsSd, $"slot {slot}: {module}");
            });
        }
    }
}
