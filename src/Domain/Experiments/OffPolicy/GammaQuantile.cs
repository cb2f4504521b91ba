using MathNet.Numerics;

namespace Flywheel.Domain.Experiments.OffPolicy;

/// <summary>
/// Quantiles of the gamma distribution with scale 1, by Newton's method inside a bracket. The library's own search throws where
/// its steps leave the half-line.
/// </summary>
internal static class GammaQuantile
{
    private const int MaxSteps = 100;
    private const double Accuracy = 1e-12;

    /// <param name="shape">1 to 10,000.</param>
    /// <param name="probability">0.001 to 0.999.</param>
    public static double At(double shape, double probability)
    {
        // Three standard deviations would do; twelve and a constant leave no doubt for the skewed ones.
        var (low, high) = (0.0, shape + 12 * Math.Sqrt(shape) + 12);
        var (x, scale) = (shape, SpecialFunctions.GammaLn(shape));
        for (var step = 0; step < MaxSteps && high - low > Accuracy * high; step++)
        {
            var error = SpecialFunctions.GammaLowerRegularized(shape, x) - probability;
            (low, high) = error < 0 ? (x, high) : (low, x);
            var next = x - error / Math.Exp((shape - 1) * Math.Log(x) - x - scale);
            if (Math.Abs(next - x) <= Accuracy * x)
                return next;
            x = next > low && next < high ? next : (low + high) / 2;
        }
        return x;
    }
}
