namespace Flywheel.Domain.Experiments;

/// <summary>Whether decisions went to the control group as often as its share in force says; if not, they are lost or counted twice.</summary>
/// <param name="Expected">The share of decisions that control should have had; 0 without decisions.</param>
/// <param name="Observed">The share that it had; 0 without decisions.</param>
/// <param name="PValue">Falls to α or less, at any look of a healthy experiment, with probability at most α.</param>
public readonly record struct SampleRatio(double Expected, double Observed, double PValue)
{
    /// <summary>The least p-value that is still taken for chance.</summary>
    public const double LeastHealthy = 0.001;

    public bool Healthy => PValue >= LeastHealthy;

    /// <summary>
    /// Tests by 1 over the evidence of <see cref="OddsMixture"/>, in the manner of Lindon and Malek (2022). Shares may have moved: their
    /// mean is enough, as varied shares are less dispersed.
    /// </summary>
    /// <param name="control">Decisions of the control group.</param>
    /// <param name="total">Decisions of both groups.</param>
    /// <param name="expectedControl">The sum over all decisions of the share in force: 0 to <paramref name="total"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">More control decisions, observed or expected, than decisions, or fewer than 0.</exception>
    public static SampleRatio Of(long control, long total, double expectedControl)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(total);
        if (control < 0 || control > total)
            throw new ArgumentOutOfRangeException(nameof(control), control, $"There are {total} decisions.");
        // Sums of many shares are off by what rounding leaves.
        if (!(expectedControl >= 0 && expectedControl <= total * (1 + 1e-9)))
            throw new ArgumentOutOfRangeException(nameof(expectedControl), expectedControl, $"There are {total} decisions.");
        if (total == 0)
            return new SampleRatio(0, 0, 1);
        var (expected, observed) = (Math.Min(1, expectedControl / total), control / (double)total);
        // A group without a share can have no decision at all.
        if (expected == 0 && control > 0 || expected == 1 && control < total)
            return new SampleRatio(expected, observed, 0);
        return new SampleRatio(expected, observed, Math.Min(1, Math.Exp(-OddsMixture.LogEvidence(control, total, expected))));
    }
}
