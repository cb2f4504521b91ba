using Flywheel.Domain.Experiments.OffPolicy;

namespace Flywheel.Domain.Tests.Experiments.OffPolicy;

/// <summary>1,000 seeded logs of each world: every estimator's interval holds the truth in 95 % of them or more, without allowance.</summary>
public sealed class CoverageTests
{
    private const int Runs = 1_000;

    private static readonly Dictionary<string, LoggedWorld> Worlds = new LoggedWorld[]
    {
        new("rare clicks, a concentrated target", 10_000, [LoggedWorld.Uniform(34)], [LoggedWorld.Concentrated(34, 5, 0.8)], (_, action) => 0.003 + 0.004 * (action * 7 % 34) / 33, LoggedWorld.Click),
        new("rare clicks, a target on one action", 10_000, [LoggedWorld.Uniform(34)], [LoggedWorld.Concentrated(34, 5, 1)], (_, action) => 0.005, LoggedWorld.Click),
        new("rare clicks, the log's own policy", 2_000, [LoggedWorld.Uniform(4)], [LoggedWorld.Uniform(4)], (_, _) => 0.005, LoggedWorld.Click),
        new("skewed weights", 2_000, [LoggedWorld.Geometric(6, 0.5)], [LoggedWorld.Geometric(6, 2)], (_, action) => 0.1 + 0.1 * action, LoggedWorld.Click),
        new("skewed weights, rare clicks", 5_000, [LoggedWorld.Geometric(6, 0.4)], [LoggedWorld.Uniform(6)], (_, _) => 0.01, LoggedWorld.Click),
        new("skewed weights, few effective rows", 5_000, [LoggedWorld.Concentrated(10, 0, 0.955)], [LoggedWorld.Concentrated(10, 4, 0.955)], (_, _) => 0.02, LoggedWorld.Click),
        new("one action rarely logged pays most", 2_000, [[0.99, 0.01]], [[0.8, 0.2]], (_, action) => action == 0 ? 0.02 : 0.9, LoggedWorld.Click),
        new("hardly ever no click", 1_000, [LoggedWorld.Uniform(3)], [[0.7, 0.2, 0.1]], (_, _) => 0.998, LoggedWorld.Click),
        new("sales of all sizes", 5_000, [LoggedWorld.Uniform(8)], [LoggedWorld.Geometric(8, 0.5)], (_, _) => 0.8, LoggedWorld.Sale),
        new("clicks and conversions", 5_000, [LoggedWorld.Uniform(10)], [LoggedWorld.Concentrated(10, 3, 0.8)], (_, _) => 0.02, LoggedWorld.ClickOrConversion),
        new("values that are never nothing", 400, [LoggedWorld.Uniform(4)], [LoggedWorld.Concentrated(4, 1, 0.7)], (_, action) => 3 + action, (random, mean) => 2 * mean * random.NextDouble()),
        new("contexts that disagree", 4_000, Contexts(4, _ => LoggedWorld.Uniform(5)), Contexts(4, context => LoggedWorld.Concentrated(5, context * 2 % 5, 0.8)), (context, action) => 0.02 * (1 + 0.5 * Math.Sin(3 * context + 2 * action)), LoggedWorld.Click),
        new("contexts and skewed weights", 3_000, Contexts(10, _ => LoggedWorld.Geometric(3, 0.4)), Contexts(10, _ => LoggedWorld.Geometric(3, 2.5)), (context, action) => 0.1 + 0.08 * action + 0.02 * context, LoggedWorld.Click),
        new("many contexts, common rewards", 3_000, Contexts(50, _ => LoggedWorld.Uniform(2)), Contexts(50, context => context % 2 == 0 ? [0.95, 0.05] : [0.05, 0.95]), (context, action) => 0.1 + 0.015 * context + 0.05 * action, LoggedWorld.Click),
    }.ToDictionary(world => world.Name);

    public static TheoryData<string> Names => [.. Worlds.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Evaluate_OverManyLogs_CoversTheTruthAtLeastAsOftenAsItSays(string name)
    {
        var world = Worlds[name];
        var (truth, policy) = (world.Truth, world.Policy);
        var (ips, snips, doublyRobust, answers) = (0, 0, 0, 0);
        for (var seed = 1; seed <= Runs; seed++)
        {
            var result = OffPolicyEvaluator.Evaluate(world.Log(seed), policy);
            if (result.Refused is not null)
                continue;
            answers++;
            ips += Holds(result.Ips!, truth);
            snips += Holds(result.Snips!, truth);
            doublyRobust += Holds(result.DoublyRobust!, truth);
        }

        var figures = $"of {answers}: IPS {ips}, SNIPS {snips}, doubly robust {doublyRobust}";
        TestContext.Current.TestOutputHelper!.WriteLine(figures);
        Assert.True(answers >= 0.99 * Runs, $"{Runs - answers} refusals");
        Assert.True(Math.Min(ips, Math.Min(snips, doublyRobust)) >= OffPolicyEvaluator.Coverage * answers, figures);
    }

    private static int Holds(OffPolicyEstimate estimate, double truth) => estimate.Low <= truth && truth <= estimate.High ? 1 : 0;

    private static double[][] Contexts(int count, Func<int, double[]> actions) => [.. Enumerable.Range(0, count).Select(actions)];
}
