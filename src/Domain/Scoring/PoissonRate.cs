namespace Flywheel.Domain.Scoring;

/// <summary>How sure a plain rate is: rewards counted over impressions, without a model.</summary>
internal static class PoissonRate
{
    private const double Z95 = 1.959963984540054;

    /// <summary>The 95 % score interval of a Poisson rate, of rewards counted in <paramref name="unit"/>: it needs no reward, and never goes below 0.</summary>
    /// <param name="impressions">More than 0.</param>
    /// <param name="reward">Their sum, 0 or more.</param>
    /// <param name="unit">What a reward is worth in one piece; more than 0.</param>
    /// <returns>Reward an impression.</returns>
    public static Interval Of(double impressions, double reward, double unit)
    {
        var many = reward / unit;
        var (middle, reach) = (many + Z95 * Z95 / 2, Z95 * Math.Sqrt(many + Z95 * Z95 / 4));
        var mean = reward / impressions;
        // What is 0 in exact arithmetic may be a little off.
        return new Interval(mean, Math.Clamp((middle - reach) * unit / impressions, 0, mean), Math.Max(mean, (middle + reach) * unit / impressions));
    }
}
