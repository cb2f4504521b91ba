namespace Flywheel.Domain.Learning.Effects;

/// <summary>
/// What moves all modules together through time (season, time of day, an outage of the tracking) is a level of each bucket,
/// and moves no traffic.
/// </summary>
/// <remarks>
/// Rewards of a bucket given what its modules lead one to expect vary around 1 with a variance s² learned by the method of
/// moments, less what chance alone would show; the level is then the mean of a gamma posterior with 1 ÷ s² prior rewards.
/// </remarks>
internal static class SharedLevel
{
    /// <summary>Finds the level of each bucket; false where all that varies is chance.</summary>
    public static bool Absorb(Exposure exposure, SlotBelief slot)
    {
        var modules = slot.Means.Length;
        var rates = new double[modules];
        for (var i = 0; i < modules; i++)
            rates[i] = Math.Exp(slot.Level + slot.Means[i]);
        var (expected, earned) = (new double[exposure.Buckets], new double[exposure.Buckets]);
        var (excess, squares, rewards) = (0.0, 0.0, 0.0);
        for (var b = 0; b < expected.Length; b++)
        {
            for (var i = 0; i < modules; i++)
            {
                expected[b] += exposure.ModuleImpressions[0][b * modules + i] * rates[i];
                earned[b] += exposure.ModuleRewards[0][b * modules + i];
            }
            expected[b] *= exposure.Maturity[b] * exposure.Company[0][b];
            var off = earned[b] - expected[b];
            excess += off * off - expected[b];
            squares += expected[b] * expected[b];
            rewards += expected[b];
        }
        // The sum of n squared Poisson residuals of mean m has a standard deviation of about m √(2n): less than one is chance.
        if (!(squares > 0))
            return false;
        var variance = (excess - rewards * Math.Sqrt(2.0 / Math.Max(1, expected.Length))) / squares;
        if (!(variance > 0))
            return false;
        for (var b = 0; b < expected.Length; b++)
            exposure.Levels[b] = (earned[b] + 1 / variance) / (expected[b] + 1 / variance);
        return true;
    }
}
