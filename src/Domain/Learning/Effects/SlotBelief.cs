namespace Flywheel.Domain.Learning.Effects;

/// <summary>What is believed of the modules of one slot: a normal posterior of the log of each rate, around a common level.</summary>
/// <param name="Level">Log of the rate of a module without an effect, in rewards an impression.</param>
/// <param name="LevelVariance">Its variance.</param>
/// <param name="Means">By module, the expected effect on the log of the rate.</param>
/// <param name="Variances">Of the effects, given the level.</param>
internal record SlotBelief(double Level, double LevelVariance, double[] Means, double[] Variances)
{
    /// <summary>How much more likely than not the slot is one in which things change, 0 to 1, by what each of the two foretold.</summary>
    public double Moving { get; init; }
}
