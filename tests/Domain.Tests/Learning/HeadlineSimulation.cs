using Flywheel.Decisions;
using Flywheel.Domain.Learning;

namespace Flywheel.Domain.Tests.Learning;

/// <summary>One slot of modules with known click rates, served by the learner's own policy and refitted every so many impressions.</summary>
internal sealed class HeadlineSimulation(double[] rates, int seed)
{
    private readonly (long Impressions, double Rewards)[] _counts = new (long, double)[rates.Length];

    /// <summary>The last policy's shares.</summary>
    public double[] Shares { get; private set; } = [];

    /// <summary>Fraction of what serving only the best would have gained over the uniform policy.</summary>
    public double HeadroomCaptured { get; private set; }

    public void Run(int impressions, int refitEvery)
    {
        var random = new Random(seed);
        var learner = new ModuleEffectsLearner();
        var expected = 0.0;
        for (var i = 0; i < impressions;)
        {
            var policy = learner.Fit(Evidence.OneSlot(_counts) with { Seed = (ulong)seed }).Policy;
            for (var end = i + refitEvery; i < end; i++)
            {
                var module = Combination.ModuleAt(policy.Choose((ulong)random.NextInt64(long.MinValue, long.MaxValue)).Combination, 0);
                expected += rates[module];
                _counts[module] = (_counts[module].Impressions + 1, _counts[module].Rewards + (random.NextDouble() < rates[module] ? 1 : 0));
            }
            Shares = policy.SharesOf(0);
        }
        HeadroomCaptured = (expected / impressions - rates.Average()) / (rates.Max() - rates.Average());
    }
}
