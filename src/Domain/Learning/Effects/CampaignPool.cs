using System.Collections.Immutable;

namespace Flywheel.Domain.Learning.Effects;

/// <summary>
/// What segments of a campaign learn from each other: a module's effect is a part that all segments share and a part of each
/// segment's own. How much is shared is itself learned, by the evidence for each of a grid of answers.
/// </summary>
/// <remarks>
/// With y the effect that a segment's evidence fits best and 1 ÷ j its variance, y_s ~ N(0, T²(ρ 11ᵀ + (1 − ρ) I) + diag(1 ÷ j_s)) by
/// module, T the width of effects and ρ the share that is common (a one-way random-effects model; Gelman et al., Bayesian Data
/// Analysis, ch. 5). Segments whose overall rates differ are expected to differ in their preferences too: levels vary by
/// about twice as much as effects do. It is what tells audiences that are alike from audiences that are not before effects
/// can; where it misleads, the effects themselves overrule it.
/// </remarks>
public sealed class CampaignPool
{
    private static readonly double[] Widths = [0.15, 0.25, 0.4];
    private static readonly double[] WidthWeights = [0.25, 0.5, 0.25];
    private static readonly double[] Shares = [0.02, 0.2, 0.45, 0.7, 0.88, 0.97];
    private static readonly double[] LevelRatios = [1.5, 2.5];

    private const double LevelNoise = 0.0004;
    private const double LeastPrecision = 1e-3;

    private readonly string[] _ids;
    private readonly SegmentSummary[] _segments;
    private readonly double[] _weights;

    /// <param name="segments">Each with its id; all of the same slots.</param>
    public CampaignPool(IReadOnlyCollection<(string Id, SegmentSummary Summary)> segments)
    {
        _ids = [.. segments.Select(segment => segment.Id)];
        _segments = [.. segments.Select(segment => segment.Summary)];
        _weights = new double[Widths.Length * Shares.Length];
        var logs = new double[_weights.Length];
        for (var at = 0; at < logs.Length; at++)
            logs[at] = Math.Log(WidthWeights[at / Shares.Length]) + Evidence(Common(at), Own(at));
        var most = logs.Max();
        var total = logs.Sum(log => Math.Exp(log - most));
        for (var at = 0; at < logs.Length; at++)
            _weights[at] = Math.Exp(logs[at] - most) / total;
    }

    /// <summary>The expected share of a module's effect that segments have in common, 0 to 1.</summary>
    public double ExpectedShare => _weights.Select((weight, at) => weight * Shares[at % Shares.Length]).Sum();

    /// <summary>What the other segments let one expect of each module in a segment.</summary>
    /// <param name="segment">Its id: what the pool knows of it, however old, does not count.</param>
    public ImmutableArray<ImmutableArray<EffectPrior>> PriorsFor(string segment, ImmutableArray<ImmutableArray<ulong>> slots) =>
        [.. slots.Select((modules, slot) => modules.Select((_, module) => PriorFor(Array.IndexOf(_ids, segment), slot, module)).ToImmutableArray())];

    private EffectPrior PriorFor(int own, int slot, int module)
    {
        var (mean, square) = (0.0, 0.0);
        for (var at = 0; at < _weights.Length; at++)
        {
            if (_weights[at] < 1e-6)
                continue;
            var (sum, precision) = (0.0, 1 / Common(at));
            for (var other = 0; other < _segments.Length; other++)
            {
                var segment = _segments[other];
                if (other == own || segment.Precisions[slot][module] < LeastPrecision)
                    continue;
                var variance = 1 / segment.Precisions[slot][module] + Own(at);
                sum += segment.Effects[slot][module] / variance;
                precision += 1 / variance;
            }
            var expected = sum / precision;
            mean += _weights[at] * expected;
            square += _weights[at] * (expected * expected + Own(at) + 1 / precision);
        }
        return new EffectPrior(mean, Math.Max(1e-4, square - mean * mean));
    }

    private static double Common(int at) => Widths[at / Shares.Length] * Widths[at / Shares.Length] * Shares[at % Shares.Length];

    private static double Own(int at) => Widths[at / Shares.Length] * Widths[at / Shares.Length] * (1 - Shares[at % Shares.Length]);

    private double Evidence(double common, double own)
    {
        var evidence = EvidenceOfLevels(own);
        for (var slot = 0; slot < _segments[0].Effects.Length; slot++)
        {
            for (var module = 0; module < _segments[0].Effects[slot].Length; module++)
            {
                var (precision, sum, squares, determinant) = (0.0, 0.0, 0.0, 0.0);
                foreach (var segment in _segments)
                {
                    if (segment.Precisions[slot][module] < LeastPrecision)
                        continue;
                    var variance = 1 / segment.Precisions[slot][module] + own;
                    var effect = segment.Effects[slot][module];
                    precision += 1 / variance;
                    sum += effect / variance;
                    squares += effect * effect / variance;
                    determinant += Math.Log(variance);
                }
                evidence -= 0.5 * (determinant + Math.Log(1 + common * precision) + squares - sum * sum * common / (1 + common * precision));
            }
        }
        return evidence;
    }

    private double EvidenceOfLevels(double own)
    {
        var likelihood = 0.0;
        var most = double.NegativeInfinity;
        Span<double> logs = stackalloc double[LevelRatios.Length];
        for (var at = 0; at < logs.Length; at++)
        {
            var (precision, sum, squares, determinant) = (0.0, 0.0, 0.0, 0.0);
            foreach (var segment in _segments)
            {
                var variance = LevelNoise + LevelRatios[at] * LevelRatios[at] * own + 1 / (segment.Rewards + 1);
                precision += 1 / variance;
                sum += segment.Level / variance;
                squares += segment.Level * segment.Level / variance;
                determinant += Math.Log(variance);
            }
            logs[at] = -0.5 * (determinant + Math.Log(precision) + squares - sum * sum / precision);
            most = Math.Max(most, logs[at]);
        }
        foreach (var log in logs)
            likelihood += Math.Exp(log - most) / logs.Length;
        return most + Math.Log(likelihood);
    }
}
