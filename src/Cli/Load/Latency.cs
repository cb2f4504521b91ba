using HdrHistogram;

namespace Flywheel.Cli.Load;

/// <summary>How long requests took, in milliseconds.</summary>
internal sealed record Latency(double P50, double P99, double P999, double Max)
{
    private const double UsPerMs = 1_000;

    /// <returns>Null where nothing was measured.</returns>
    public static Latency? Of(LongHistogram histogram) => histogram.TotalCount == 0 ? null : new(At(histogram, 50), At(histogram, 99), At(histogram, 99.9), At(histogram, 100));

    private static double At(LongHistogram histogram, double percentile) => histogram.GetValueAtPercentile(percentile) / UsPerMs;
}
