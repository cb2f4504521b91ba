using Flywheel.Domain.Experiments.OffPolicy;
using MathNet.Numerics.Distributions;

namespace Flywheel.Domain.Tests.Experiments.OffPolicy;

public sealed class OffPolicyEvaluatorTests
{
    /// <summary>What one of the two limits leaves out, see <c>SkewedMean</c>.</summary>
    private const double Tail = 0.015;

    private static readonly TargetPolicy Mostly = Policy(("", "a", 0.75), ("", "b", 0.25));

    /// <summary>Weights are 1.5 and 0.5: Σw = 26, Σw² = 34, Σwr = 1.5 × 3 + 0.5 × 4 = 6.5.</summary>
    [Fact]
    public void Evaluate_SmallLog_IsWhatHandsCompute()
    {
        var log = Log(("", "a", 0.5, 1, 3), ("", "a", 0.5, 0, 11), ("", "b", 0.5, 2, 2), ("", "b", 0.5, 0, 8));

        var result = OffPolicyEvaluator.Evaluate(log, Mostly);

        Assert.Null(result.Refused);
        Assert.Equal(24, result.Rows);
        Assert.Equal(7.0 / 24, result.Reward!.Value, 1e-12);
        Assert.Equal(6.5 / 24, result.Ips!.Mean, 1e-12);
        Assert.Equal(6.5 / 26, result.Snips!.Mean, 1e-12);
        Assert.All([result.Ips, result.Snips, result.DoublyRobust!], estimate =>
        {
            Assert.Equal(26.0 * 26 / 34, estimate.EffectiveSampleSize, 1e-9);
            Assert.True(estimate.Low >= 0 && estimate.Low < estimate.Mean && estimate.Mean < estimate.High);
        });
    }

    /// <summary>A model that is right leaves nothing to correct, so what chance did to the weights does not show.</summary>
    [Fact]
    public void Evaluate_ConstantReward_IsThatRewardSelfNormalisedAndDoublyRobust()
    {
        var result = OffPolicyEvaluator.Evaluate(Log(("", "a", 0.5, 3, 14), ("", "b", 0.5, 3, 10)), Mostly);

        Assert.Equal(3 * 26.0 / 24, result.Ips!.Mean, 1e-12);
        Assert.Equal(3, result.Snips!.Mean, 1e-12);
        Assert.Equal(3, result.DoublyRobust!.Mean, 1e-12);
    }

    /// <summary>For equal weights and rare clicks the limits are Garwood's exact ones for a Poisson count.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(40)]
    public void Evaluate_RareClicksOfEqualWeight_HasTheExactPoissonLimits(int clicks)
    {
        const int rows = 1_000_000;
        var log = Log(("", "a", 1, 1, clicks), ("", "a", 1, 0, rows - clicks));

        var ips = OffPolicyEvaluator.Evaluate(log, Policy(("", "a", 1))).Ips!;

        Assert.Equal(Gamma.InvCDF(clicks, 1, Tail), ips.Low * rows, 5e-3);
        Assert.Equal(Gamma.InvCDF(clicks + 1, 1, 1 - Tail), ips.High * rows, 5e-3);
    }

    /// <summary>No click where the target would go: P(no click | rate) falls to the tail at -ln(tail) of the weightiest clicks.</summary>
    [Fact]
    public void Evaluate_NoRewardWhereTheTargetGoes_IsZeroBelowTheExactLimit()
    {
        const int rows = 100_000;
        var result = OffPolicyEvaluator.Evaluate(Log(("", "a", 0.5, 0, rows / 2), ("", "b", 0.5, 1, 5), ("", "b", 0.5, 0, rows / 2 - 5)), Policy(("", "a", 1)));

        Assert.Equal((0, 0), (result.Ips!.Mean, result.Ips.Low));
        Assert.Equal(-2 * Math.Log(Tail) / rows, result.Ips.High, 1e-3 / rows);
        Assert.Equal(0, result.Snips!.Mean);
        Assert.True(result.DoublyRobust!.Low <= result.DoublyRobust.Mean && result.DoublyRobust.High > result.DoublyRobust.Mean);
    }

    /// <summary>Mean over 1,000 seeded logs, within four of its standard errors.</summary>
    [Fact]
    public void Evaluate_OverManyLogs_IsUnbiased()
    {
        var world = new LoggedWorld(
            "", 300, [LoggedWorld.Geometric(3, 0.5), LoggedWorld.Uniform(3)], [LoggedWorld.Geometric(3, 1.5), [0.1, 0.1, 0.8]],
            (context, action) => 0.1 + 0.2 * action + 0.1 * context, LoggedWorld.Click);
        var policy = world.Policy;
        var results = Enumerable.Range(1, 1_000).Select(seed => OffPolicyEvaluator.Evaluate(world.Log(seed), policy)).ToList();

        Assert.All(results, result => Assert.Null(result.Refused));
        AssertMean(world.Truth, results.Select(result => result.Ips!.Mean));
        AssertMean(world.Truth, results.Select(result => result.DoublyRobust!.Mean));
        Assert.InRange(results.Average(result => result.Snips!.Mean) / world.Truth, 0.99, 1.01);
    }

    [Fact]
    public void Evaluate_ContextsThatPayVeryDifferently_IsNarrowerWithAModel()
    {
        var world = new LoggedWorld(
            "", 4_000, [LoggedWorld.Uniform(2), LoggedWorld.Uniform(2)], [[0.9, 0.1], [0.1, 0.9]], (context, _) => context == 0 ? 1 : 5,
            (random, mean) => mean * (0.9 + 0.2 * random.NextDouble()));

        var result = OffPolicyEvaluator.Evaluate(world.Log(1), world.Policy);

        Assert.True(Width(result.DoublyRobust!) < 0.9 * Width(result.Snips!) && Width(result.Snips!) < 0.9 * Width(result.Ips!));
    }

    /// <summary>Cents or millions: the same estimates in another unit.</summary>
    [Theory]
    [InlineData(1e-200)]
    [InlineData(0.01)]
    [InlineData(1e14)]
    public void Evaluate_RewardsInAnotherUnit_GivesTheSameInThatUnit(double unit)
    {
        var one = OffPolicyEvaluator.Evaluate(Log(("", "a", 0.5, 1, 30), ("", "a", 0.5, 0, 100), ("", "b", 0.5, 2, 20), ("", "b", 0.5, 0, 90)), Mostly);
        var other = OffPolicyEvaluator.Evaluate(Log(("", "a", 0.5, unit, 30), ("", "a", 0.5, 0, 100), ("", "b", 0.5, 2 * unit, 20), ("", "b", 0.5, 0, 90)), Mostly);

        foreach (var (before, after) in new[] { (one.Ips!, other.Ips!), (one.Snips!, other.Snips!), (one.DoublyRobust!, other.DoublyRobust!) })
        {
            Assert.Equal(1, after.Mean / unit / before.Mean, 1e-9);
            Assert.Equal(1, after.Low / unit / before.Low, 1e-9);
            Assert.Equal(1, after.High / unit / before.High, 1e-9);
        }
    }

    [Fact]
    public void Evaluate_SameLogTwice_GivesTheSame()
    {
        var world = new LoggedWorld("", 500, [LoggedWorld.Uniform(3)], [[0.5, 0.3, 0.2]], (_, _) => 0.2, LoggedWorld.Click);

        Assert.Equal(OffPolicyEvaluator.Evaluate(world.Log(3), world.Policy), OffPolicyEvaluator.Evaluate(world.Log(3), world.Policy));
    }

    [Fact]
    public void Evaluate_ContextWithoutRowsOfItsOwn_TakesThoseOfTheEmptyContext()
    {
        var log = Log(("u", "a", 0.5, 1, 20), ("u", "b", 0.5, 0, 20), ("v", "a", 0.5, 1, 20), ("v", "b", 0.5, 0, 20));

        var result = OffPolicyEvaluator.Evaluate(log, Policy(("", "a", 1), ("", "b", 0), ("v", "a", 0.25), ("v", "b", 0.75)));

        Assert.Equal((1 + 0.25) / 2, result.Ips!.Mean, 1e-12);
    }

    [Fact]
    public void Evaluate_NoRows_IsRefused()
    {
        var result = OffPolicyEvaluator.Evaluate(new DecisionLog(), Mostly);

        Assert.Equal("the log has no rows", result.Refused);
        Assert.Equal((0, null), (result.Rows, result.Reward));
    }

    [Fact]
    public void Evaluate_ActionTheLogNeverShows_IsRefusedWithItsShareAndName() => AssertRefused(
        Log(("", "a", 0.5, 1, 50), ("", "b", 0.5, 0, 50)), Policy(("", "a", 0.5), ("", "b", 0.499), ("", "c", 0.001)), "0.1 %", "\"c\"");

    /// <summary>Another context has it; 40 % of rows × half of the target there.</summary>
    [Fact]
    public void Evaluate_ActionNeverShownInThisContext_IsRefusedWithItsShareAndName() => AssertRefused(
        Log(("u", "a", 0.5, 1, 30), ("u", "b", 0.5, 0, 30), ("v", "a", 1, 0, 40)), Policy(("", "a", 0.5), ("", "b", 0.5)), "20 %", "\"b\" in context \"v\"");

    [Fact]
    public void Evaluate_ManyActionsTheLogNeverShows_NamesTheFirst() => AssertRefused(
        Log(("", "a", 1, 1, 50)), Policy([.. Enumerable.Range(0, 10).Select(i => ("", $"x{i}", 0.1))]), "100 %", "\"x0\", \"x1\", \"x2\", \"x3\", \"x4\" and 5 more");

    [Fact]
    public void Evaluate_ActionWithoutProbabilityNeverShown_DoesNotMatter() =>
        Assert.Null(OffPolicyEvaluator.Evaluate(Log(("", "a", 0.5, 1, 50), ("", "b", 0.5, 0, 50)), Policy(("", "a", 1), ("", "c", 0))).Refused);

    [Fact]
    public void Evaluate_ContextTheTargetIsSilentOn_IsRefused() => AssertRefused(
        Log(("u", "a", 1, 1, 75), ("v", "a", 1, 1, 25)), Policy(("u", "a", 1)), "25 %", "\"v\"");

    /// <summary>Two rows of weight 500 among 1,000: (2 × 500)² ÷ (2 × 500²) = 2.</summary>
    [Fact]
    public void Evaluate_FewEffectiveRows_IsRefusedWithTheBound() => AssertRefused(
        Log(("", "a", 0.002, 1, 2), ("", "b", 0.998, 0, 998)), Policy(("", "a", 1)), "effective sample size is 2 of 1,000", "10");

    [Fact]
    public void Evaluate_NoReward_IsRefused() => AssertRefused(Log(("", "a", 0.5, 0, 50), ("", "b", 0.5, 0, 50)), Mostly, "no reward");

    /// <summary>A log that shows nine in ten of what it says it shows half of.</summary>
    [Fact]
    public void Evaluate_PropensitiesThatCanNotBe_IsRefused() => AssertRefused(
        Log(("", "a", 0.5, 1, 450), ("", "b", 0.5, 0, 50)), Policy(("", "a", 1)), "propensities", "1.8");

    /// <summary>The refusal does not come by chance: 14 of 20 at even odds is nothing to wonder at.</summary>
    [Fact]
    public void Evaluate_WeightsThatChanceExplains_IsNotRefused() =>
        Assert.Null(OffPolicyEvaluator.Evaluate(Log(("", "a", 0.5, 1, 14), ("", "b", 0.5, 0, 6)), Policy(("", "a", 1))).Refused);

    private static void AssertRefused(DecisionLog log, TargetPolicy target, params string[] reasons)
    {
        var result = OffPolicyEvaluator.Evaluate(log, target);

        Assert.All(reasons, reason => Assert.Contains(reason, result.Refused, StringComparison.Ordinal));
        Assert.True(result is { Ips: null, Snips: null, DoublyRobust: null, Reward: not null });
    }

    private static void AssertMean(double truth, IEnumerable<double> estimates)
    {
        var all = estimates.ToList();
        var mean = all.Average();
        var error = Math.Sqrt(all.Sum(estimate => (estimate - mean) * (estimate - mean)) / all.Count / all.Count);
        Assert.InRange(mean, truth - 4 * error, truth + 4 * error);
    }

    private static double Width(OffPolicyEstimate estimate) => estimate.High - estimate.Low;

    private static TargetPolicy Policy(params (string Context, string Action, double Probability)[] rows) => new(rows);

    private static DecisionLog Log(params (string Context, string Action, double Propensity, double Reward, int Count)[] rows)
    {
        var log = new DecisionLog();
        foreach (var (context, action, propensity, reward, count) in rows)
        {
            for (var i = 0; i < count; i++)
                Assert.True(log.TryAdd(context, action, propensity, reward));
        }
        return log;
    }
}
