using Flywheel.Domain.Learning.Evidence;

namespace Flywheel.Domain.Learning.Effects;

/// <summary>
/// The share of a decision's reward that has arrived by its age, estimated from the segment's own signals. Rewards are seen only
/// once they have arrived, so their delays are truncated on the right at the age of their decision; the estimate is the
/// product-limit estimate for truncated data (Lynden-Bell, MNRAS 1971): F(x) = Π over bins k beyond x of (1 − D_k ÷ N_k), D_k the
/// rewards with a delay in bin k, and N_k those with a delay up to bin k whose decision is old enough to have shown one in bin k.
/// </summary>
/// <remarks>What takes longer than the oldest decision's age is not seen at all: 1 means all that has been possible so far.</remarks>
internal sealed class DelayCurve
{
    private const double Least = 1e-3;

    private readonly double[]? _shares;

    public DelayCurve(SegmentEvidence evidence)
    {
        var (last, total) = (-1, 0L);
        for (var bin = 0; bin < evidence.Delays.Length; bin++)
        {
            total += evidence.Delays[bin];
            if (evidence.Delays[bin] > 0)
                last = bin;
        }
        if (last <= 0)
            return;
        _shares = new double[DelayBins.Count];
        Array.Fill(_shares, 1.0);
        var (share, upTo) = (1.0, total);
        for (var bin = last; bin >= 0; bin--)
        {
            _shares[bin] = share;
            var atRisk = upTo - YoungerThan(evidence, DelayBins.LowerMs(bin));
            share *= 1 - evidence.Delays[bin] / (double)Math.Max(atRisk, evidence.Delays[bin] + 1);
            upTo -= evidence.Delays[bin];
        }
    }

    /// <summary>The mean share over decisions that are evenly old from one age to another; (0, 1].</summary>
    public double Between(double youngestMs, double oldestMs) => _shares is null
        ? 1
        : Math.Max(Least, (At(youngestMs) + 4 * At((youngestMs + oldestMs) / 2) + At(oldestMs)) / 6);

    private double At(double ageMs)
    {
        if (ageMs <= 0)
            return 0;
        var bin = DelayBins.Of(ageMs);
        var below = bin == 0 ? 0 : _shares![bin - 1];
        var (lower, upper) = (DelayBins.LowerMs(bin), DelayBins.UpperMs(bin));
        return below + (_shares![bin] - below) * Math.Min(1, (ageMs - lower) / (upper - lower));
    }

    private static long YoungerThan(SegmentEvidence evidence, double ageMs)
    {
        var sum = 0L;
        for (var i = evidence.Buckets.Length - 1; i >= 0; i--)
        {
            var bucket = evidence.Buckets[i];
            if (evidence.AsOfMs - (bucket.StartMs + bucket.EndMs) / 2.0 >= ageMs)
                break;
            sum += bucket.Rewards;
        }
        return sum;
    }
}
