namespace Flywheel.Domain.Experiments;

/// <summary>
/// Evidence that the coins behind some tosses were not, on average, what one says: a test martingale of all odds at once.
/// </summary>
/// <remarks>
/// For a fixed tilt s of the log-odds, exp(sX − log(1 − θ + θeˢ)) has expectation 1 for a coin of chance θ. The log is concave in θ, so
/// that n tosses of the mean chance bound tosses of any chances θ₁ … θₙ: the mean may move, the evidence is then too small
/// (Hoeffding 1956). A mixture over s that was fixed beforehand stays below a martingale (Robbins 1970; Howard, Ramdas, McAuliffe,
/// Sekhon 2021). That tilts are fixed, rather than chances as in a beta mixture, is what lets the mean move between looks.
/// </remarks>
internal static class OddsMixture
{
    private const int Steps = 18;

    /// <summary>From 1 % to 4 times the odds, both ways.</summary>
    private const double Smallest = 0.01, Growth = 1.365;

    /// <summary>Where most is staked: 20 %.</summary>
    private const double Likeliest = 0.2;

    private static readonly double[] Tilts = new double[2 * Steps];
    private static readonly double[] TiltsLessOne = new double[2 * Steps];
    private static readonly double[] LogStakes = new double[2 * Steps];

    static OddsMixture()
    {
        var sum = 0.0;
        for (var i = 0; i < Steps; i++)
        {
            var tilt = Smallest * Math.Pow(Growth, i);
            var stake = 1 / (1 + Math.Pow(Math.Log(tilt / Likeliest), 2));
            (Tilts[2 * i], Tilts[2 * i + 1]) = (tilt, -tilt);
            (LogStakes[2 * i], LogStakes[2 * i + 1]) = (stake, stake);
            sum += 2 * stake;
        }

        for (var i = 0; i < Tilts.Length; i++)
            (TiltsLessOne[i], LogStakes[i]) = (Math.Exp(Tilts[i]) - 1, Math.Log(LogStakes[i] / sum));
    }

    /// <summary>
    /// The log of the evidence against a mean chance of so much; above log(1/α) at any time with probability at most α. Convex in
    /// the chance before the log, and at most 0 where successes are what the chance says.
    /// </summary>
    /// <param name="successes">0 to <paramref name="trials"/>; not necessarily whole.</param>
    /// <param name="chance">0 to 1.</param>
    public static double LogEvidence(double successes, double trials, double chance)
    {
        Span<double> logs = stackalloc double[2 * Steps];
        var most = double.NegativeInfinity;
        for (var i = 0; i < logs.Length; i++)
        {
            logs[i] = LogStakes[i] + Tilts[i] * successes - trials * Math.Log(1 + chance * TiltsLessOne[i]);
            most = Math.Max(most, logs[i]);
        }

        var sum = 0.0;
        foreach (var log in logs)
            sum += Math.Exp(log - most);
        return most + Math.Log(sum);
    }
}
