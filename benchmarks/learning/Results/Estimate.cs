using System.Collections.Immutable;
using MathNet.Numerics.Distributions;

namespace Flywheel.Benchmarks.Learning.Results;

/// <summary>A mean over seeds. All in percent.</summary>
/// <param name="Error">Standard error of the mean; 0 with a single seed.</param>
/// <param name="HalfWidth">Of the 95 % interval by Student's t; 0 with a single seed.</param>
internal sealed record Estimate(double Mean, double Error, double HalfWidth)
{
    public static Estimate Of(ImmutableArray<double> bySeed)
    {
        var mean = bySeed.Average();
        if (bySeed.Length == 1)
            return new Estimate(mean, 0, 0);
        var error = Math.Sqrt(bySeed.Sum(value => (value - mean) * (value - mean)) / (bySeed.Length - 1) / bySeed.Length);
        return new Estimate(mean, error, error * StudentT.InvCDF(0, 1, bySeed.Length - 1, 0.975));
    }

    /// <summary>Of the differences within each seed, which cancel what a seed's audience does to both.</summary>
    public static Estimate OfPairs(ImmutableArray<double> left, ImmutableArray<double> right) => Of([.. left.Zip(right, (a, b) => a - b)]);
}
