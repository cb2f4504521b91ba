using Flywheel.Domain.Scoring;

namespace Flywheel.Domain.Governance.Trials;

/// <summary>Judges a module on trial by how it resonates in all segments together.</summary>
public static class Trial
{
    /// <summary>Impressions of the module below which nothing is said.</summary>
    public const long LeastImpressions = 500;

    /// <summary>Impressions after which a trial ends, whatever the interval.</summary>
    public const long MostImpressions = 20_000;

    /// <summary>The average of its slot.</summary>
    private const double Average = 100;

    private const double Z95 = 1.959964;

    /// <summary>Judges, and says on which figure.</summary>
    /// <param name="segments">The module's resonance (100 is its slot's average, 95 % interval) and impressions in each segment that showed it.</param>
    /// <returns>
    /// Promoted where the whole pooled interval lies above the slot's average, rolled back where it lies below; at the end of the trial the
    /// nearer of the two, without the claim of harm.
    /// </returns>
    public static (TrialVerdict Verdict, Interval Resonance, long Impressions) Judge(IEnumerable<(Interval Resonance, long Impressions)> segments)
    {
        var shown = segments.Where(segment => segment.Impressions > 0).ToList();
        var impressions = shown.Sum(segment => segment.Impressions);
        var resonance = Pool(shown.Select(segment => segment.Resonance));
        var verdict = impressions < LeastImpressions ? TrialVerdict.Continue
            : resonance.High < Average ? TrialVerdict.RollBack
            : resonance.Low > Average ? TrialVerdict.Promote
            : impressions < MostImpressions ? TrialVerdict.Continue
            : resonance.Mean >= Average ? TrialVerdict.Promote
            : TrialVerdict.Retire;
        return (verdict, resonance, impressions);
    }

    /// <summary>Pools by inverse variance on the log scale, on which an interval is symmetrical.</summary>
    private static Interval Pool(IEnumerable<Interval> resonances)
    {
        var (sum, precision) = (0.0, 0.0);
        foreach (var resonance in resonances.Where(resonance => resonance.Low > 0 && resonance.High > resonance.Low))
        {
            var sd = (Math.Log(resonance.High) - Math.Log(resonance.Low)) / (2 * Z95);
            sum += (Math.Log(resonance.High) + Math.Log(resonance.Low)) / 2 / (sd * sd);
            precision += 1 / (sd * sd);
        }
        if (precision == 0)
            return new Interval(Average, 0, double.PositiveInfinity);
        var (mean, reach) = (sum / precision, Z95 / Math.Sqrt(precision));
        return new Interval(Math.Exp(mean), Math.Exp(mean - reach), Math.Exp(mean + reach));
    }
}
