using System.Collections.Immutable;
using System.Text.Json;
using Flywheel.Decisions;
using MathNet.Numerics.Distributions;

namespace Flywheel.Domain.Tests.Learning;

public sealed class SegmentPolicyTests
{
    /// <summary>Of a chi-squared test: with fixed seeds it passes for ever or says that something changed.</summary>
    private const double Significance = 1e-4;

    [Fact]
    public void PropensityOf_AllCombinations_SumToOneAndKeepTheFloor() => PolicyCase.Any.ForAll(500, sample =>
    {
        var policy = sample.Policy;
        var propensities = sample.Combinations().Select(policy.PropensityOf).ToArray();

        Assert.Equal(1, propensities.Sum(), 1e-9);
        Assert.All(propensities, propensity => Assert.InRange(propensity, sample.MinPropensity - 1e-12, 1 + 1e-12));
    });

    [Fact]
    public void SharesOf_EachSlot_SumThePropensitiesOfEachModule() => PolicyCase.Any.ForAll(200, sample =>
    {
        var policy = sample.Policy;
        for (var slot = 0; slot < sample.Shape.Length; slot++)
        {
            var shares = new double[sample.Shape[slot]];
            foreach (var combination in sample.Combinations())
                shares[Combination.ModuleAt(combination, slot)] += policy.PropensityOf(combination);

            Assert.Equal(1, policy.SharesOf(slot).Sum(), 1e-9);
            Assert.All(shares.Zip(policy.SharesOf(slot)), pair => Assert.Equal(pair.First, pair.Second, 1e-9));
        }
    });

    [Fact]
    public void Choose_AnyRandom_StatesThePropensityOfWhatItServes() => PolicyCase.Any.ForAll(100, sample =>
    {
        var policy = sample.Policy;
        foreach (var random in Randoms.Bits(seed: 1, 500))
        {
            var choice = policy.Choose(random);

            Assert.Equal(policy.PropensityOf(choice.Combination), choice.Propensity);
            Assert.InRange(choice.Propensity, double.Epsilon, 1 + 1e-12);
            Assert.Equal(choice, policy.Choose(random));
        }
    });

    [Theory]
    [InlineData(0.05, 0.0)]
    [InlineData(0.3, 0.05)]
    [InlineData(0.0, 0.04)]
    [InlineData(0.0, 0.0)]
    [InlineData(1.0, 0.0)]
    public void Choose_ManyRequests_ServesAsOftenAsItStates(double control, double minPropensity)
    {
        const int Requests = 300_000;
        ImmutableArray<int> shape = [3, 4];
        var draws = Randoms.Bits(seed: 2, 500).Select(bits => (bits % 3) | (bits / 3 % 2 << 8)).ToArray();
        var policy = new SegmentPolicy(1, shape, draws, control, minPropensity);
        var served = new Dictionary<ulong, int>();
        var inControl = 0;
        foreach (var random in Randoms.Bits(seed: 3, Requests))
        {
            var choice = policy.Choose(random);
            served[choice.Combination] = served.GetValueOrDefault(choice.Combination) + 1;
            inControl += choice.Group == Group.Control ? 1 : 0;
        }

        AssertFits(PolicyCase.AllOf(shape).Select(combination => ((double)served.GetValueOrDefault(combination), Requests * policy.PropensityOf(combination))));
        AssertFits([(inControl, Requests * control), (Requests - inControl, Requests * (1 - control))]);
    }

    /// <summary>Consecutive hashes and every seed are as good a source as any: the control group is uniform on its own.</summary>
    [Fact]
    public void Choose_ControlGroup_IsServedUniformlyWhateverWasLearnt()
    {
        const int Requests = 300_000;
        var policy = new SegmentPolicy(1, [2, 3], [1UL], control: 0.5, minPropensity: 0);
        var served = Randoms.Bits(seed: 4, Requests).Select(policy.Choose).Where(choice => choice.Group == Group.Control).GroupBy(choice => choice.Combination).ToDictionary(group => group.Key, group => group.Count());

        AssertFits(PolicyCase.AllOf([2, 3]).Select(combination => ((double)served[combination], served.Values.Sum() / 6.0)));
    }

    [Fact]
    public void Choose_AfterEntriesChanged_MovesOnlyTheirUnits()
    {
        ImmutableArray<int> shape = [16, 16];
        var before = PolicyCase.AllOf([16, 16]).ToArray();
        var after = before.Select((combination, entry) => entry % 8 == 0 ? 0x0F0FUL : combination).ToArray();
        var changed = before.Where((_, entry) => entry % 8 == 0).ToHashSet();
        var (old, now) = (new SegmentPolicy(1, shape, before, 0.1, 0), new SegmentPolicy(2, shape, after, 0.1, 0));
        var moved = 0;
        foreach (var unit in Randoms.Bits(seed: 5, 50_000))
        {
            var (was, becomes) = (old.Choose(unit), now.Choose(unit));
            Assert.Equal(was.Group, becomes.Group);
            if (was.Combination == becomes.Combination)
                continue;
            Assert.Contains(was.Combination, changed);
            Assert.Equal((Group.Learned, 0x0F0FUL), (becomes.Group, becomes.Combination));
            moved++;
        }

        Assert.Equal(0.9 / 8, moved / 50_000.0, 0.01);
    }

    [Fact]
    public void Choose_StoredUnits_KeepTheirVariantAcrossReleases()
    {
        var policy = new SegmentPolicy(1, [16, 16], [.. PolicyCase.AllOf([16, 16])], 0.3, 0.001);

        Assert.Equal(
            "L0107 C0c02 C0c05 L0906 C0a0b L0d03 L0607 C0b08 L0f03 L0309 C0c02 C0b08 C0c04 L040a L050c L0b0a C0f01 L0d0a L040d L0c0f C020e C0906 L0f03 L020a",
            string.Join(" ", Randoms.Units.Select(unit => $"{policy.Choose(unit).Group.ToString()[0]}{policy.Choose(unit).Combination:x4}")));
    }

    [Fact]
    public void PropensityOf_OutsideTheTable_IsTheUniformPart()
    {
        var policy = new SegmentPolicy(1, [2, 5], [0UL, 0UL, 1UL], control: 0.2, minPropensity: 0.05);

        Assert.Equal(2, policy.DistinctCombinations);
        Assert.Equal(0.05, policy.PropensityOf(0x0401), 1e-12);
        Assert.Equal(0.05 + 0.8 * (1 - policy.Floor) * 2 / 3, policy.PropensityOf(0), 1e-12);
        Assert.Equal(0, new SegmentPolicy(1, [2, 5], [0UL], control: 0, minPropensity: 0).PropensityOf(0x0401));
    }

    [Fact]
    public void Uniform_AnyShape_ServesEveryCombinationAlike()
    {
        foreach (var control in (double[])[0, 0.05, 1])
        {
            ImmutableArray<int> shape = [7, 7];
            var policy = SegmentPolicy.Uniform(shape, control);
            var served = Randoms.Bits(seed: 6, 100_000).Select(policy.Choose).GroupBy(choice => choice.Combination).ToDictionary(group => group.Key, group => group.Count());

            Assert.True(policy.IsFallback);
            Assert.All(PolicyCase.AllOf(shape), combination => Assert.Equal(1 / 49.0, policy.PropensityOf(combination), 1e-12));
            AssertFits(PolicyCase.AllOf(shape).Select(combination => ((double)served[combination], 100_000 / 49.0)));
        }
    }

    [Fact]
    public void Choose_EightSlotsOfEight_EnumeratesNothing()
    {
        ImmutableArray<int> shape = [8, 8, 8, 8, 8, 8, 8, 8];
        var draws = Randoms.Bits(seed: 7, 4_096).Select(bits => bits & 0x0707070707070707).ToArray();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var policy = new SegmentPolicy(1, shape, draws, control: 0.05, minPropensity: 1e-9);

        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000, "a table of 4,096 draws takes well under 1 MB");
        Assert.Equal(0.05 / Math.Pow(8, 8) + 0.95 / 4_096, policy.PropensityOf(draws[0]), 1e-12);
        Assert.All(Enumerable.Range(0, 8), slot => Assert.Equal(1, policy.SharesOf(slot).Sum(), 1e-9));
        Assert.Equal(8, Randoms.Bits(seed: 8, 1_000).Select(policy.Choose).Where(choice => choice.Group == Group.Control).Select(choice => choice.Combination >> 56).Distinct().Count());
    }

    [Fact]
    public void Choose_InSteadyState_AllocatesNothing()
    {
        var policy = new SegmentPolicy(1, [4, 4, 4], Randoms.Bits(seed: 9, 4_096).Select(bits => bits & 0x030303).ToArray(), 0.05, 0.001);
        var requests = Randoms.Bits(seed: 10, 1_000);
        var total = requests.Sum(request => policy.Choose(request).Propensity);
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var request in requests)
            total += policy.Choose(request).Propensity;

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(total > 0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65_537)]
    public void SegmentPolicy_TableOfNoOrTooManyEntries_Throws(int entries) =>
        Assert.Throws<ArgumentException>(() => new SegmentPolicy(1, [2], new ulong[entries], 0, 0));

    [Fact]
    public void Serialize_AndBack_ServesTheSame() => PolicyCase.Any.ForAll(100, sample =>
    {
        var policy = new SegmentPolicy(42, sample.Shape, sample.Draws, sample.Control, sample.MinPropensity, isFallback: sample.Draws.Length == 1);

        var back = JsonSerializer.Deserialize<SegmentPolicy>(JsonSerializer.Serialize(policy))!;

        Assert.Equal((policy.Version, policy.Control, policy.MinPropensity, policy.Floor, policy.IsFallback), (back.Version, back.Control, back.MinPropensity, back.Floor, back.IsFallback));
        Assert.Equal(policy.ModulesPerSlot, back.ModulesPerSlot);
        Assert.Equal(policy.Draws(), back.Draws());
        Assert.All(Randoms.Bits(seed: 11, 50), random => Assert.Equal(policy.Choose(random), back.Choose(random)));
    });

    /// <summary>Pearson's chi-squared test of counts against their expectation; cells that expect under 5 are pooled.</summary>
    private static void AssertFits(IEnumerable<(double Seen, double Expected)> cells)
    {
        var all = cells.ToArray();
        var pooled = all.Where(cell => cell.Expected >= 5).Append((all.Where(cell => cell.Expected < 5).Sum(cell => cell.Seen), all.Where(cell => cell.Expected < 5).Sum(cell => cell.Expected))).ToArray();
        Assert.All(pooled.Where(cell => cell.Item2 == 0), cell => Assert.Equal(0, cell.Item1));
        var tested = pooled.Where(cell => cell.Item2 > 0).ToArray();
        if (tested.Length < 2)
            return;
        var p = 1 - ChiSquared.CDF(tested.Length - 1, tested.Sum(cell => Math.Pow(cell.Item1 - cell.Item2, 2) / cell.Item2));
        Assert.True(p > Significance, $"p = {p} over {tested.Length} cells");
    }
}
