using System.Numerics;

namespace Flywheel.Faults.Load;

/// <summary>Times in buckets of 1 part in 16: fixed memory, quantiles at most 6 % too high. Not thread-safe.</summary>
internal sealed class LatencyHistogram
{
    private const int SubBits = 4;
    private const int Sub = 1 << SubBits;
    private const int Buckets = (40 - SubBits) * Sub;

    private readonly long[] _counts = new long[Buckets];

    public long Count { get; private set; }

    public TimeSpan Max { get; private set; }

    public void Add(TimeSpan time)
    {
        _counts[BucketOf((long)time.TotalMicroseconds)]++;
        Count++;
        if (time > Max)
            Max = time;
    }

    /// <returns>A time that this share of all is not above; zero where there is none.</returns>
    public TimeSpan Quantile(double share)
    {
        var left = (long)Math.Ceiling(share * Count);
        for (var bucket = 0; bucket < Buckets && left > 0; bucket++)
        {
            left -= _counts[bucket];
            if (left <= 0)
                return TimeSpan.FromMicroseconds(Math.Min(UpperBoundOf(bucket), Max.TotalMicroseconds));
        }
        return TimeSpan.Zero;
    }

    private static int BucketOf(long microseconds)
    {
        var value = (ulong)Math.Max(0, microseconds);
        var shift = Math.Max(0, 63 - BitOperations.LeadingZeroCount(value | 1) - SubBits);
        return Math.Min(Buckets - 1, shift * Sub + (int)(value >> shift));
    }

    private static double UpperBoundOf(int bucket) =>
        bucket < 2 * Sub ? bucket : (double)((bucket % Sub + Sub + 1L) << (bucket / Sub - 1)) - 1;
}
