using Flywheel.Domain.Numerics;

namespace Flywheel.Domain.Scoring.Fatigue;

/// <summary>
/// Whether one module of a slot has faded. Given how many rewards a span had, so many are the module's by chance expit(o + α − δ·1[after]):
/// o follows from the exposures, α is the module's rate against the rest of its slot, and a fall by 1 − exp(−δ) happened at one of the
/// bounds between spans. The level of all rates is not in it, so that what all modules share says nothing.
/// </summary>
/// <remarks>
/// For each bound, the evidence is the likelihood of a mixture of falls against that of a fall too small to count, each integrated over α
/// under a flat prior (Laplace): in the normal limit a likelihood ratio of what does not depend on α, hence a martingale where nothing
/// changes (Pollak and Siegmund 1991; Pérez-Ortiz, Lardy, de Heide, Grünwald 2024). Bounds are mixed by weights that were fixed
/// beforehand and sum to at most 1 (Shiryaev's mixture; Shin, Ramdas, Rinaldo 2023), so that what they make together reaches c at any look with
/// probability at most 1 ÷ c (Ville 1939).
/// </remarks>
internal sealed class FadeTest
{
    /// <summary>A fall by less is none. What pairs of modules do to each other's rates while traffic moves mostly stays below it.</summary>
    public const double LeastFall = 0.05;

    /// <summary>A bound counts once the module earned this much before it, and would have after it.</summary>
    private const double LeastRewards = 10;

    /// <summary>Nobody tires of what the segment has seen less often than this.</summary>
    private const double FirstImpressions = 1_000;

    /// <summary>Bounds are equally likely by the log of the impressions before them, from e^0 to e^14 times the first.</summary>
    private const double LogRange = 14;

    /// <summary>Bounds at which the module does not fall short by this many standard deviations are passed over: they could not decide.</summary>
    private const double Screen = 2;

    private const int Rounds = 4;
    private const double Z95 = 1.959963984540054;

    /// <summary>Falls betted on, and what is staked on each.</summary>
    private static readonly double[] Falls = [0.2, 0.35, 0.5, 0.65, 0.85];
    private static readonly double[] Stakes = [0.15, 0.25, 0.3, 0.2, 0.1];

    private readonly SlotSpans _slot;
    private readonly int _module;
    private readonly double[] _offsets;
    private readonly double[] _rewards;
    private readonly double[] _totals;

    public FadeTest(SlotSpans slot, int module)
    {
        (_slot, _module) = (slot, module);
        var spans = slot.Spans.Length;
        (_offsets, _rewards, _totals) = (new double[spans], new double[spans], new double[spans]);
        for (var b = 0; b < spans; b++)
        {
            var (own, rest) = (slot.ExpectedOf(b, module), slot.Expected(b, module));
            // A span without the module, or with it alone, cannot compare it with the rest.
            if (own <= 0 || rest <= 0)
                continue;
            var weight = slot.Spans[b].Weight;
            (_offsets[b], _rewards[b], _totals[b]) = (Math.Log(own / rest), weight * slot.Rewards(b, module), weight * slot.Totals[b]);
        }
    }

    /// <summary>What has been found; null where the evidence is below <paramref name="least"/>, or the fall is not the module's own or has passed.</summary>
    /// <param name="place">The slot's place in the layout.</param>
    /// <param name="key">The module's key.</param>
    public FatigueFinding? Find(int place, ulong key, double least)
    {
        var (bound, evidence) = Weigh();
        if (evidence < least)
            return null;
        var (before, beforeInformation) = Solve(0, bound + 1);
        var (since, sinceInformation) = Solve(bound + 1, _totals.Length);
        var (log, sd) = (since - before, Math.Sqrt(1 / beforeInformation + 1 / sinceInformation));
        var kept = new Interval(Math.Exp(log), Math.Exp(log - Z95 * sd), Math.Exp(log + Z95 * sd));
        var (servedBefore, rateBefore) = Plain(0, bound + 1);
        var (servedSince, rateSince) = Plain(bound + 1, _totals.Length);
        // Where there are two, one falls against the other when that one rises: half of the fall, by its log, has to show in its own rate.
        var isOwn = _slot.Modules == 2 ? rateSince <= rateBefore * Math.Sqrt(kept.Mean) : IsNoRiseOfAnother(bound, least);
        return kept.Mean > 1 - LeastFall || !isOwn || !IsLasting(bound, before)
            ? null
            : new FatigueFinding(place, key, _slot.Spans[bound + 1].StartMs, kept, rateBefore, rateSince, (long)servedBefore, (long)servedSince, evidence);
    }

    /// <summary>
    /// Against the rest of its slot, a module falls when one of them rises. False where another's rise at any time explains more, and what it
    /// leaves unexplained is too little.
    /// </summary>
    private bool IsNoRiseOfAnother(int bound, double least)
    {
        var own = ChangeAt(bound).Gain;
        for (var other = 0; other < _slot.Modules; other++)
        {
            if (other == _module)
                continue;
            var (risesAt, log, gain) = new FadeTest(_slot, other).LikeliestRise();
            if (gain >= own && new FadeTest(_slot.Allowing(other, risesAt, Math.Exp(log)), _module).Weigh().Evidence < least)
                return false;
        }
        return true;
    }

    /// <summary>The bound at which the module's rise foretells most, the log of its factor, and how much better that is than no change; 0 where it never rises.</summary>
    private (int Bound, double Log, double Gain) LikeliestRise()
    {
        var best = (Bound: 0, Log: 0.0, Gain: 0.0);
        for (var bound = 0; bound < _totals.Length - 1; bound++)
        {
            var (log, gain) = ChangeAt(bound);
            if (log > 0 && gain > best.Gain)
                best = (bound, log, gain);
        }
        return best;
    }

    /// <summary>The log of the factor by which the module's rate changed at a bound, and how much better that foretells than no change: a log-likelihood.</summary>
    private (double Log, double Gain) ChangeAt(int bound)
    {
        var (before, since, always) = (Solve(0, bound + 1).Rate, Solve(bound + 1, _totals.Length).Rate, Solve(0, _totals.Length).Rate);
        return (since - before, LogLikelihood(before, bound, before - since) - LogLikelihood(always, bound, 0));
    }

    /// <summary>The likeliest bound, as the last span before it, and the evidence of all.</summary>
    private (int Bound, double Evidence) Weigh()
    {
        var last = _totals.Length - 1;
        var (earned, expected, variance) = (new double[last + 2], new double[last + 2], new double[last + 2]);
        for (var b = last; b >= 0; b--)
        {
            var chance = _totals[b] > 0 ? SpecialFunctions.Expit(_offsets[b]) : 0;
            earned[b] = earned[b + 1] + _rewards[b];
            expected[b] = expected[b + 1] + _totals[b] * chance;
            variance[b] = variance[b + 1] + _totals[b] * chance * (1 - chance);
        }
        var (likeliest, most, sum, impressions) = (0, 0.0, 0.0, 0.0);
        for (var b = 0; b < last; b++)
        {
            var from = Math.Max(FirstImpressions, impressions);
            impressions += _slot.Spans[b].Impressions;
            if (earned[0] - earned[b + 1] < LeastRewards || expected[b + 1] < LeastRewards || impressions < FirstImpressions)
                continue;
            var spread = variance[b + 1] * (1 - variance[b + 1] / variance[0]);
            if (!(expected[b + 1] - earned[b + 1] > Screen * Math.Sqrt(spread)))
                continue;
            // Half of the way to the bounds before and after.
            var weight = Math.Log((impressions + _slot.Spans[b + 1].Impressions) / from) / 2 / LogRange;
            var evidence = weight * EvidenceAt(b);
            sum += evidence;
            if (evidence > most)
                (likeliest, most) = (b, evidence);
        }
        return (likeliest, sum);
    }

    private double EvidenceAt(int bound)
    {
        var none = Integral(bound, -Math.Log(1 - LeastFall));
        var sum = 0.0;
        for (var i = 0; i < Falls.Length; i++)
            sum += Stakes[i] * Math.Exp(Math.Min(Integral(bound, -Math.Log(1 - Falls[i])) - none, 500));
        return sum;
    }

    /// <summary>The log of the likelihood of a fall after a bound, integrated over α, up to what is the same for all falls.</summary>
    private double Integral(int bound, double fall)
    {
        var (rate, information) = Solve(0, _totals.Length, bound, fall);
        return LogLikelihood(rate, bound, fall) - 0.5 * Math.Log(information);
    }

    private double LogLikelihood(double rate, int bound, double fall)
    {
        var log = 0.0;
        for (var b = 0; b < _totals.Length; b++)
        {
            if (_totals[b] <= 0)
                continue;
            var odds = _offsets[b] + rate - (b > bound ? fall : 0);
            log += _rewards[b] * odds - _totals[b] * SoftPlus(odds);
        }
        return log;
    }

    /// <summary>The likeliest α of some spans, and its information. A sixteenth of a reward on either side keeps it finite.</summary>
    private (double Rate, double Information) Solve(int from, int to, int bound = int.MaxValue, double fall = 0)
    {
        const double Slight = 1 / 16.0;
        var (rate, information) = (0.0, 1.0);
        for (var round = 0; round < Rounds; round++)
        {
            var gradient = Slight * (1 - 2 * SpecialFunctions.Expit(rate));
            information = 2 * Slight * SpecialFunctions.Expit(rate) * (1 - SpecialFunctions.Expit(rate));
            for (var b = from; b < to; b++)
            {
                if (_totals[b] <= 0)
                    continue;
                var chance = SpecialFunctions.Expit(_offsets[b] + rate - (b > bound ? fall : 0));
                gradient += _rewards[b] - _totals[b] * chance;
                information += _totals[b] * chance * (1 - chance);
            }
            var step = gradient / information;
            rate += Math.Clamp(step, -1, 1);
        }
        return (rate, information);
    }

    /// <summary>True where the newer half of what was expected since the bound is short as well: a dip that has passed is no fatigue.</summary>
    private bool IsLasting(int bound, double before)
    {
        var half = 0.0;
        for (var b = bound + 1; b < _totals.Length; b++)
            half += _totals[b] * SpecialFunctions.Expit(_offsets[b]) / 2;
        var from = _totals.Length;
        for (var newer = 0.0; from > bound + 1 && newer < half;)
        {
            from--;
            newer += _totals[from] * SpecialFunctions.Expit(_offsets[from]);
        }
        return from > bound + 1 && Math.Exp(Solve(from, _totals.Length).Rate - before) <= 1 - LeastFall;
    }

    /// <summary>Impressions of the module in some spans, and its plain rate as far as it has matured.</summary>
    private (double Served, double Rate) Plain(int from, int to)
    {
        var (served, matured, rewards) = (0.0, 0.0, 0.0);
        for (var b = from; b < to; b++)
        {
            served += _slot.Served(b, _module);
            matured += _slot.Served(b, _module) * _slot.Spans[b].Maturity;
            rewards += _slot.Rewards(b, _module);
        }
        return (served, matured > 0 ? rewards / matured : 0);
    }

    private static double SoftPlus(double x) => x > 30 ? x : Math.Log(1 + Math.Exp(x));
}
