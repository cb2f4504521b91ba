using Flywheel.Domain.Experiments.OffPolicy;

namespace Flywheel.Domain.Tests.Experiments.OffPolicy;

/// <summary>A world whose truth is known: contexts that come equally often, a logging policy, a target, and rewards.</summary>
/// <param name="Logging">The logging policy's distribution in each context.</param>
/// <param name="Target">The target's.</param>
/// <param name="Mean">The true mean reward, by context and action.</param>
/// <param name="Draw">A reward, by its mean.</param>
internal sealed record LoggedWorld(string Name, int Rows, double[][] Logging, double[][] Target, Func<int, int, double> Mean, Func<Random, double, double> Draw)
{
    private static readonly string[] Names = [.. Enumerable.Range(0, 100).Select(i => $"n{i}")];

    public double Truth => Target.Select((actions, context) => actions.Select((probability, action) => probability * Mean(context, action)).Sum()).Average();

    public TargetPolicy Policy => new(Target.SelectMany((actions, context) => actions.Select((probability, action) => (Names[context], Names[action], probability))));

    public DecisionLog Log(int seed)
    {
        var (random, log) = (new Random(seed), new DecisionLog());
        for (var row = 0; row < Rows; row++)
        {
            var context = random.Next(Logging.Length);
            var (propensities, action) = (Logging[context], 0);
            for (var left = random.NextDouble(); action < propensities.Length - 1 && left >= propensities[action]; action++)
                left -= propensities[action];
            Assert.True(log.TryAdd(Names[context], Names[action], propensities[action], Draw(random, Mean(context, action))));
        }
        return log;
    }

    /// <summary>0 or 1.</summary>
    public static double Click(Random random, double mean) => random.NextDouble() < mean ? 1 : 0;

    /// <summary>Mostly nothing, sometimes an exponential value.</summary>
    public static double Sale(Random random, double mean) => random.NextDouble() < 0.02 ? -mean / 0.02 * Math.Log(1 - random.NextDouble()) : 0;

    /// <summary>A click is worth 1 and five in six rewards; a conversion is worth 5.</summary>
    public static double ClickOrConversion(Random random, double mean) => Click(random, mean / 10 * 6) * (random.Next(6) == 0 ? 5 : 1);

    public static double[] Uniform(int actions) => [.. Enumerable.Repeat(1.0 / actions, actions)];

    /// <summary>This share on one action, the rest spread evenly.</summary>
    public static double[] Concentrated(int actions, int on, double share) =>
        [.. Enumerable.Range(0, actions).Select(action => action == on ? share : (1 - share) / (actions - 1))];

    /// <summary>Each action this much likelier than the one before.</summary>
    public static double[] Geometric(int actions, double ratio)
    {
        var total = Enumerable.Range(0, actions).Sum(action => Math.Pow(ratio, action));
        return [.. Enumerable.Range(0, actions).Select(action => Math.Pow(ratio, action) / total)];
    }
}
