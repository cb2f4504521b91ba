namespace Flywheel.Domain.Learning.Effects;

/// <summary>
/// Newton's method on a Poisson model with normal priors on the effects: rewards c_a of exposure e_a with
/// c_a ~ Poisson(e_a exp(level + θ_a)), all effects and the level at once. The effects are independent given the level, so a
/// round costs a few operations a module.
/// </summary>
internal static class EffectSolver
{
    /// <summary>A starting point: effects as expected, and the level that would earn the rewards.</summary>
    public static double Start(ReadOnlySpan<double> exposures, ReadOnlySpan<double> rewards, ReadOnlySpan<EffectPrior> priors, double anchor, double anchorRewards, Span<double> means)
    {
        var (total, exposure) = (anchorRewards, anchorRewards * Math.Exp(-anchor));
        for (var i = 0; i < means.Length; i++)
        {
            means[i] = priors[i].Mean;
            total += rewards[i];
            exposure += exposures[i] * Math.Exp(means[i]);
        }
        return Math.Log(total / exposure);
    }

    /// <param name="anchor">A level to stay near to.</param>
    /// <param name="anchorRewards">What the anchor is worth, in rewards.</param>
    /// <param name="means">Effects: where to start, and what was found.</param>
    /// <param name="variances">Of the effects, given the level.</param>
    /// <param name="level">Likewise.</param>
    /// <returns>The precision of the level, the effects not being known.</returns>
    public static double Solve(
        ReadOnlySpan<double> exposures,
        ReadOnlySpan<double> rewards,
        ReadOnlySpan<EffectPrior> priors,
        double anchor,
        double anchorRewards,
        int rounds,
        Span<double> means,
        Span<double> variances,
        ref double level)
    {
        Span<double> expected = stackalloc double[means.Length];
        var anchorExposure = anchorRewards * Math.Exp(-anchor);
        var curvature = anchorRewards;
        for (var round = 0; round < rounds; round++)
        {
            var anchored = anchorExposure * Math.Exp(level);
            var gradient = anchorRewards - anchored;
            curvature = anchored;
            for (var i = 0; i < means.Length; i++)
            {
                var mean = expected[i] = exposures[i] * Math.Exp(level + means[i]);
                var variance = variances[i] = 1 / (mean + 1 / priors[i].Variance);
                // The effect is eliminated: what is left of the level's row once the effect has moved with it.
                gradient += rewards[i] - mean - mean * variance * (rewards[i] - mean - (means[i] - priors[i].Mean) / priors[i].Variance);
                curvature += mean * variance / priors[i].Variance;
            }
            var step = Math.Clamp(gradient / curvature, -1, 1);
            for (var i = 0; i < means.Length; i++)
            {
                var slope = rewards[i] - expected[i] - (means[i] - priors[i].Mean) / priors[i].Variance;
                means[i] += Math.Clamp((slope - expected[i] * step) * variances[i], -1, 1);
            }
            level += step;
        }
        return curvature;
    }
}
