namespace Flywheel.Silo.Tests.Decisions;

/// <summary>What is served is served as often as its propensity says, and to the same unit again.</summary>
public sealed class PropensityTests(Engine engine) : EngineTest(engine)
{
    private const int Many = 12_000;
    private const double Control = 0.2;
    private const double MinPropensity = 0.02;

    /// <summary>Chi-squared of 5 degrees of freedom exceeds this once in 10 million runs.</summary>
    private const double ChiSquaredLimit = 41;

    private const double Sigmas = 5;

    [Fact]
    public async Task Decide_AfterLearning_ServesEachCombinationAsOftenAsItsPropensity()
    {
        await PutLearntAsync();

        var decisions = await Api.DecideManyAsync(Campaign, Many);

        var combinations = decisions.GroupBy(CombinationOf).ToList();
        Assert.Equal(6, combinations.Count);
        var propensities = combinations.ToDictionary(group => group.Key, group => group.First().Propensity);
        Assert.All(combinations, group => Assert.All(group, decision => Assert.Equal(propensities[group.Key], decision.Propensity, 1e-12)));
        Assert.Equal(1, propensities.Values.Sum(), 1e-9);
        Assert.All(propensities.Values, propensity => Assert.True(propensity >= MinPropensity - 1e-12, $"Expected at least {MinPropensity}; came {propensity}"));
        Assert.True(propensities.Values.Max() > 2.0 / combinations.Count, "Expected a policy that has learnt something.");
        AssertFits(combinations.Select(group => ((double)group.Count(), Many * propensities[group.Key])));
    }

    [Fact]
    public async Task Decide_Control_IsAsLargeAsSetAndUniform()
    {
        await PutLearntAsync();

        var decisions = await Api.DecideManyAsync(Campaign, Many);

        var control = decisions.Where(decision => decision.Reason == "control").ToList();
        var sigma = Math.Sqrt(Many * Control * (1 - Control));
        Assert.InRange(control.Count, Many * Control - Sigmas * sigma, Many * Control + Sigmas * sigma);
        var combinations = control.GroupBy(CombinationOf).ToList();
        Assert.Equal(6, combinations.Count);
        AssertFits(combinations.Select(group => ((double)group.Count(), control.Count / 6.0)));
        Assert.All(decisions, decision => Assert.Contains(decision.Reason, new[] { "control", "learned" }));
    }

    [Fact]
    public async Task Decide_ControlOfOne_IsUniformForAll()
    {
        await PutAsync(Wire.Campaign([3, 2], "\"policy\":{\"control\":1}"));

        var decisions = await Api.DecideManyAsync(Campaign, 1_000);

        Assert.All(decisions, decision => Assert.Equal(("control", 1.0 / 6), (decision.Reason, Math.Round(decision.Propensity, 12)), Close));
    }

    [Fact]
    public async Task Decide_ControlOfZero_ServesNoControl()
    {
        await PutAsync(Wire.Campaign([3], "\"policy\":{\"control\":0}"));

        Assert.DoesNotContain(await Api.DecideManyAsync(Campaign, 1_000), decision => decision.Reason == "control");
    }

    [Fact]
    public async Task Decide_OneCombination_IsCertain()
    {
        await PutAsync(Wire.Campaign([1, 1]));

        Assert.All(await Api.DecideManyAsync(Campaign, 100), decision => Assert.Equal(1, decision.Propensity, 1e-12));
    }

    [Fact]
    public async Task Decide_SameUnit_GetsTheSameVariant()
    {
        await PutAsync(Wire.Campaign([8, 4]));

        var decisions = new List<Decision>();
        for (var i = 0; i < 50; i++)
            decisions.Add(await DecideAsync("\"unit\":\"user-1\",\"context\":{\"n\":" + i + "}"));

        Assert.Single(decisions.Select(CombinationOf).Distinct());
        Assert.Single(decisions.Select(decision => decision.Reason).Distinct());
        Assert.Equal(50, decisions.Select(decision => decision.DecisionId).Distinct().Count());
        Assert.True((await Api.DecideManyAsync(Campaign, 200, i => $"\"unit\":\"user-{i}\"")).Select(CombinationOf).Distinct().Count() > 8);
    }

    /// <summary>
    /// Moving from one policy to another moves at least their total variation distance of the units. A policy that drew anew
    /// would move far more; here it is at most a tenth of the units beyond that distance.
    /// </summary>
    [Fact]
    public async Task Decide_SameUnitsAfterLearning_MoveNoMoreThanThePolicyDid()
    {
        const int Units = 1_000;
        await PutAsync(Wire.Campaign([3], "\"policy\":{\"control\":0.1}"));
        var before = await DecideUnitsAsync(Units);
        var sharesBefore = await SharesAsync();

        await LearnAsync(Units, decision => decision.Variant["headline"].Module == "h2", already: Units);
        var after = await DecideUnitsAsync(Units);

        var distance = sharesBefore.Zip(await SharesAsync(), (a, b) => Math.Abs(a - b)).Sum() / 2;
        var moved = before.Zip(after, (a, b) => CombinationOf(a) != CombinationOf(b)).Count(moved => moved) / (double)Units;
        Assert.True(after[0].PolicyVersion > before[0].PolicyVersion);
        Assert.True(distance > 0.3, $"Expected a policy that has moved; came {distance}");
        Assert.True(moved <= distance + 0.1, $"Expected at most {distance} + 0.1 of the units to move; came {moved}");
        Assert.All(before.Zip(after).Where(pair => pair.First.Reason == "control"), pair =>
            Assert.Equal((CombinationOf(pair.First), "control"), (CombinationOf(pair.Second), pair.Second.Reason)));
        Assert.All(before.Zip(after).Where(pair => CombinationOf(pair.First) == "h2"), pair => Assert.Equal("h2", CombinationOf(pair.Second)));
    }

    private static bool Close((string Reason, double Propensity) a, (string Reason, double Propensity) b) =>
        a.Reason == b.Reason && Math.Abs(a.Propensity - b.Propensity) < 1e-9;

    private static string CombinationOf(Decision decision) => string.Join('|', decision.Variant.Values.Select(served => served.Module));

    private static void AssertFits(IEnumerable<(double Seen, double Expected)> cells)
    {
        var chiSquared = cells.Sum(cell => (cell.Seen - cell.Expected) * (cell.Seen - cell.Expected) / cell.Expected);
        Assert.True(chiSquared < ChiSquaredLimit, $"Expected a chi-squared below {ChiSquaredLimit}; came {chiSquared}");
    }

    private async Task PutLearntAsync()
    {
        await PutAsync(Wire.Campaign([3, 2], $$"""  "policy":{"control":{{Control}},"minPropensity":{{MinPropensity}}}"""));
        await LearnAsync(300, decision => decision.Variant["headline"].Module == "h3" && decision.DecisionId[^1] % 3 == 0);
    }

    private Task<IReadOnlyList<Decision>> DecideUnitsAsync(int units) => Api.DecideManyAsync(Campaign, units, i => $"\"unit\":\"user-{i}\"");

    private async Task<IEnumerable<double>> SharesAsync() =>
        (await Api.ScoresAsync(Campaign)).Segments[0].Slots[0].Modules.Select(module => module.Share);
}
