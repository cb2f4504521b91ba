using MathNet.Numerics.Distributions;

namespace Flywheel.Domain.Experiments.OffPolicy;

/// <summary>
/// Limits for the mean of independent rows most of which are nothing and few of which are much. Normal limits miss there: the
/// variance is estimated from the same few rows as the mean, and the largest possible row may not have come yet.
/// </summary>
/// <remarks>
/// Fay and Feuer's gamma limits for weighted sums of rare events (Statistics in Medicine 16, 1997), whose coverage is at least
/// nominal in simulation, carried over to any rows. Theirs add one more event of the largest weight before the upper limit is
/// taken; ours trade an average row for the worst one that could have come, at either limit. Theirs match a gamma's mean and
/// variance; ours the third moment as well: the gamma, shifted, has twice the skewness of the sum, because the estimate is
/// skewed and its standard error goes along with it (the first-order correction of Johnson, JASA 73, 1978; Hall, Annals of
/// Statistics 16, 1988). For 0/1 rows of equal weight and a small mean these are the exact Poisson limits of Garwood (Biometrika 28, 1936).
/// </remarks>
internal static class SkewedMean
{
    /// <summary>
    /// What each limit leaves out, in place of the 2.5 % of an interval that covers 95 %: the rest is for what is approximate
    /// here, mainly the largest reward and the moments, which only the sample tells.
    /// </summary>
    private const double Tail = 0.015;

    /// <summary>Below it the gamma is the normal distribution's expansion to within 1e-5.</summary>
    private const double HardlySkewed = 0.01;

    /// <summary>A variance whose powers would vanish, in squares of the largest reward.</summary>
    private const double Nothing = 1e-200;

    /// <summary>Student's distribution is the normal one from here on.</summary>
    private const double ManyDegrees = 10_000;

    /// <param name="worst">The largest value a row can have.</param>
    /// <param name="effectiveRows">How many rows the variance rests on.</param>
    public static double Upper(RowSums sums, double worst, double effectiveRows)
    {
        var reach = Math.Max(0, worst - sums.Mean);
        var variance = sums.Second + reach * reach;
        if (variance < Nothing)
            return sums.Mean;
        // |Σz³| is at most (Σz²)^1.5; rounding may say otherwise where hardly anything varies.
        var skewness = Math.Clamp((sums.Third + reach * reach * reach) / variance / Math.Sqrt(variance), -1, 1);
        return sums.Mean + (reach + Math.Sqrt(variance) * Student(effectiveRows) * Quantile(skewness, 1 - Tail)) / sums.Rows;
    }

    /// <param name="worst">The smallest value a row can have.</param>
    /// <param name="effectiveRows">How many rows the variance rests on.</param>
    public static double Lower(RowSums sums, double worst, double effectiveRows) =>
        -Upper(new RowSums(sums.Rows, -sums.Sum, sums.Squares, -sums.Cubes), -worst, effectiveRows);

    /// <summary>How much wider few rows make it.</summary>
    private static double Student(double rows) =>
        StudentT.InvCDF(0, 1, Math.Clamp(rows - 1, 1, ManyDegrees), 1 - Tail) / Normal.InvCDF(0, 1, 1 - Tail);

    /// <summary>A quantile of the gamma distribution of twice this skewness, moved and scaled to mean 0 and variance 1; its mirror image where the skewness is negative.</summary>
    private static double Quantile(double skewness, double probability)
    {
        if (skewness < 0)
            return -Quantile(-skewness, 1 - probability);
        if (skewness < HardlySkewed)
        {
            // Cornish and Fisher's expansion (1938) at the gamma's cumulants.
            var z = Normal.InvCDF(0, 1, probability);
            return z + skewness * (z * z - 1) / 3 + skewness * skewness * z * (z * z - 7) / 36;
        }
        var shape = 1 / (skewness * skewness);
        return (GammaQuantile.At(shape, probability) - shape) * skewness;
    }
}
