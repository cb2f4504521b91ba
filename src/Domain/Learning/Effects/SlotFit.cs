namespace Flywheel.Domain.Learning.Effects;

/// <summary>A belief that all of the past counts alike for, with what it rests on.</summary>
/// <param name="Expected">By module, rewards expected of its evidence.</param>
/// <param name="Counted">By module, rewards counted.</param>
internal sealed record SlotFit(double Level, double LevelVariance, double[] Means, double[] Variances, double[] Expected, double[] Counted)
    : SlotBelief(Level, LevelVariance, Means, Variances)
{
    private const int Rounds = 6;

    /// <summary>The Laplace approximation (Chapelle and Li 2011); see <see cref="EffectSolver"/>.</summary>
    public static SlotFit Of(double[] exposures, double[] rewards, EffectPrior[] priors, double anchor, double anchorRewards)
    {
        var (means, variances) = (new double[rewards.Length], new double[rewards.Length]);
        var level = EffectSolver.Start(exposures, rewards, priors, anchor, anchorRewards, means);
        var precision = EffectSolver.Solve(exposures, rewards, priors, anchor, anchorRewards, Rounds, means, variances, ref level);
        return new SlotFit(level, 1 / precision, means, variances, [.. exposures.Select((exposure, i) => exposure * Math.Exp(level + means[i]))], rewards);
    }
}
