namespace Flywheel.Domain.Learning.Effects;

/// <summary>What is believed of the modules of one slot: a normal posterior of the log of each rate, around a common level.</summary>
/// <param name="Level">Log of the rate of a module without an effect, in rewards an impression.</param>
/// <param name="Means">By module, the expected effect on the log of the rate.</param>
/// <param name="Variances">Of the effects, given the level.</param>
/// <param name="Expected">Rewards expected of each module's evidence: its precision.</param>
/// <param name="Counted">Rewards counted in it.</param>
internal sealed record SlotBelief(double Level, double[] Means, double[] Variances, double[] Expected, double[] Counted)
{
    /// <summary>
    /// The Laplace approximation of a Poisson model with normal priors on the effects: rewards c_a of exposure e_a with
    /// c_a ~ Poisson(e_a exp(level + θ_a)), by Newton's method on all of them at once.
    /// </summary>
    /// <param name="anchor">A level to stay near to.</param>
    /// <param name="anchorRewards">What the anchor is worth, in rewards.</param>
    public static SlotBelief Fit(double[] exposures, double[] rewards, EffectPrior[] priors, double anchor, double anchorRewards, int rounds)
    {
        var modules = rewards.Length;
        var (means, variances, expected) = (new double[modules], new double[modules], new double[modules]);
        var (total, exposure) = (anchorRewards, anchorRewards * Math.Exp(-anchor));
        var anchorExposure = exposure;
        for (var i = 0; i < modules; i++)
        {
            means[i] = priors[i].Mean;
            total += rewards[i];
            exposure += exposures[i] * Math.Exp(means[i]);
        }
        var level = Math.Log(total / exposure);
        for (var round = 0; round < rounds; round++)
        {
            var anchored = anchorExposure * Math.Exp(level);
            var (gradient, curvature) = (anchorRewards - anchored, anchored);
            for (var i = 0; i < modules; i++)
            {
                var mean = expected[i] = exposures[i] * Math.Exp(level + means[i]);
                variances[i] = 1 / (mean + 1 / priors[i].Variance);
                // The effect is eliminated: what is left of the level's row once the effect has moved with it.
                gradient += rewards[i] - mean - mean * variances[i] * Slope(i);
                curvature += mean * (1 - mean * variances[i]);
            }
            var step = Math.Clamp(gradient / curvature, -1, 1);
            for (var i = 0; i < modules; i++)
                means[i] += Math.Clamp((Slope(i) - expected[i] * step) * variances[i], -1, 1);
            level += step;
        }
        for (var i = 0; i < modules; i++)
            expected[i] = exposures[i] * Math.Exp(level + means[i]);
        return new SlotBelief(level, means, variances, expected, rewards);

        double Slope(int i) => rewards[i] - expected[i] - (means[i] - priors[i].Mean) / priors[i].Variance;
    }
}
