namespace Flywheel.Domain.Learning.Effects;

/// <summary>
/// How far back to look. Three memories run side by side, and each counts as much as it has foretold what came (Bayesian
/// averaging by predictive evidence): all of the past, a long memory and a short one.
/// </summary>
/// <remarks>
/// A memory of m impressions discounts evidence by 1 ÷ e for every m impressions since. It is given in impressions, and in rewards
/// for campaigns that earn them rarely; the longer holds. Evidence of a bucket under a memory: negative binomial, the gamma-mixed
/// Poisson of each module's rewards given what the memory keeps from before it.
/// </remarks>
internal static class Forgetting
{
    /// <summary>Memories: impressions, rewards, and weight before any evidence.</summary>
    private static readonly (double Impressions, double Rewards, double Weight)[] Memories =
        [(double.PositiveInfinity, double.PositiveInfinity, 0.25), (20_000, 150, 0.55), (8_000, 60, 0.20)];

    /// <summary>Memories that weigh less are left out.</summary>
    private const double LeastWeight = 0.01;

    /// <summary>The evidence that each memory keeps, and its weight; weights sum to 1.</summary>
    public static List<Memory> Remember(Exposure exposure, SlotBelief[] slots, EffectPrior[][] priors)
    {
        var memories = new List<Memory>(Memories.Length);
        var rate = Math.Exp(slots[0].Level);
        foreach (var (impressions, rewards, weight) in Memories)
        {
            var memory = new Memory(slots.Length, Math.Log(weight));
            for (var slot = 0; slot < slots.Length; slot++)
                memory.Weight += Recall(memory, exposure, slot, slots[slot].Level, priors[slot], Math.Max(impressions, rewards / rate));
            memories.Add(memory);
        }
        var most = memories.Max(memory => memory.Weight);
        foreach (var memory in memories)
            memory.Weight = Math.Exp(memory.Weight - most);
        var total = memories.Sum(memory => memory.Weight);
        memories.RemoveAll(memory => memory.Weight < LeastWeight * total);
        total = memories.Sum(memory => memory.Weight);
        foreach (var memory in memories)
            memory.Weight /= total;
        return memories;
    }

    /// <summary>Fills a slot of the memory; the log of how well it foretold each bucket.</summary>
    private static double Recall(Memory memory, Exposure exposure, int slot, double level, EffectPrior[] priors, double impressions)
    {
        var modules = priors.Length;
        var (kept, rewards) = (new double[modules], new double[modules]);
        var rate = Math.Exp(level);
        var evidence = 0.0;
        for (var b = 0; b < exposure.Buckets; b++)
        {
            // What came at one moment, or without a time, has no part that is older than another.
            var age = exposure.IsMoment(b) ? 0 : exposure.Impressions[b] / impressions;
            var passed = Math.Exp(-age);
            var within = age > 1e-6 ? (1 - passed) / age : 1;
            for (var i = 0; i < modules; i++)
            {
                var seen = exposure.ModuleImpressions[slot][b * modules + i] * exposure.WeightOf(slot, b);
                if (seen > 0)
                {
                    var earned = exposure.ModuleRewards[slot][b * modules + i];
                    var strength = 1 / priors[i].Variance;
                    var shape = strength + rewards[i] * within;
                    var scale = strength * Math.Exp(-priors[i].Mean) + kept[i] * within * rate;
                    var expected = seen * rate;
                    if (b > 0)
                        evidence += LogGammaRatio(shape, earned) - shape * Math.Log(1 + expected / scale) + earned * Math.Log(expected / (scale + expected));
                    kept[i] = kept[i] * passed + seen * within;
                    rewards[i] = rewards[i] * passed + earned * within;
                }
                else
                {
                    kept[i] *= passed;
                    rewards[i] *= passed;
                }
            }
        }
        (memory.Exposures[slot], memory.Rewards[slot]) = (kept, rewards);
        return evidence;
    }

    /// <summary>log Γ(x + n) − log Γ(x) for x ≥ 1 by Stirling's series (Abramowitz and Stegun 6.1.41).</summary>
    private static double LogGammaRatio(double x, double n) => n == 0 ? 0 : LogGamma(x + n) - LogGamma(x);

    private static double LogGamma(double x) => (x - 0.5) * Math.Log(x) - x + 1 / (12 * x) - 1 / (360 * x * x * x);
}
