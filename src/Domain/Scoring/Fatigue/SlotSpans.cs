using System.Collections.Immutable;

namespace Flywheel.Domain.Scoring.Fatigue;

/// <summary>
/// One slot's part of a watch's spans, and the rates that explain it if no module has changed: rewards of a span fall on module j with
/// chance e_j ρ_j ÷ Σ e_k ρ_k, whatever the level of the moment. The ρ are fitted by the MM algorithm of generalised Bradley–Terry models
/// (Hunter, Ann. Statist. 2004).
/// </summary>
internal sealed class SlotSpans
{
    private const int MaxRounds = 60;
    private const double Tolerance = 1e-6;

    /// <summary>Each module's rate is pulled to the slot's by so many rewards, so that none is 0.</summary>
    private const double PriorRewards = 0.5;

    /// <summary>What real headline tests let one expect of a module, sd 0.25 of the log, is worth as many rewards.</summary>
    private const double UsualRewards = 16;

    private readonly double[] _exposures;
    private readonly double[] _rewards;
    private readonly double[] _rates;

    /// <param name="spans">In order of time.</param>
    /// <param name="first">Place of the slot's first module in the spans.</param>
    /// <param name="modules">How many it has.</param>
    public SlotSpans(ImmutableArray<WatchedSpan> spans, int first, int modules)
    {
        (Spans, First, Modules) = (spans, first, modules);
        (Totals, _exposures, _rewards) = (new double[spans.Length], new double[spans.Length * modules], new double[spans.Length * modules]);
        for (var b = 0; b < spans.Length; b++)
        {
            spans[b].Exposures.AsSpan(first, modules).CopyTo(_exposures.AsSpan(b * modules));
            spans[b].Rewards.AsSpan(first, modules).CopyTo(_rewards.AsSpan(b * modules));
            for (var i = 0; i < modules; i++)
                Totals[b] += Rewards(b, i);
        }
        _rates = Fit();
    }

    private SlotSpans(SlotSpans other, double[] exposures)
    {
        (Spans, First, Modules, Totals, _exposures, _rewards) = (other.Spans, other.First, other.Modules, other.Totals, exposures, other._rewards);
        _rates = Fit();
    }

    public ImmutableArray<WatchedSpan> Spans { get; }

    public int First { get; }

    public int Modules { get; }

    /// <summary>All rewards of a span.</summary>
    public double[] Totals { get; }

    public double Exposure(int span, int module) => _exposures[span * Modules + module];

    public double Rewards(int span, int module) => _rewards[span * Modules + module];

    public double Served(int span, int module) => Spans[span].Served[First + module];

    /// <summary>The same if one module's rate has been another since a bound: the last span before it, and the factor.</summary>
    public SlotSpans Allowing(int module, int bound, double factor)
    {
        double[] exposures = [.. _exposures];
        for (var b = bound + 1; b < Spans.Length; b++)
            exposures[b * Modules + module] *= factor;
        return new SlotSpans(this, exposures);
    }

    /// <summary>Rewards that a span's exposures would earn at the fitted rates; all but one module's where that is named.</summary>
    public double Expected(int span, int without = -1)
    {
        var sum = 0.0;
        for (var i = 0; i < Modules; i++)
            sum += i == without ? 0 : Exposure(span, i) * _rates[i];
        return sum;
    }

    /// <summary>Rewards that a module's exposure in a span would earn at its fitted rate.</summary>
    public double ExpectedOf(int span, int module) => Exposure(span, module) * _rates[module];

    /// <summary>How much more or less a span earned than at the fitted rates: the level of its moment. 0 where nothing was earned.</summary>
    public double LevelOf(int span) => Expected(span) is > 0 and var expected ? Totals[span] / expected : 0;

    /// <summary>What a module does to a rate, relative to the slot's modules served evenly; drawn to 1 as if by <see cref="UsualRewards"/>.</summary>
    public double EffectOf(int module)
    {
        var mean = _rates.Sum() / Modules;
        if (mean <= 0)
            return 1;
        var earned = 0.0;
        for (var b = 0; b < Spans.Length; b++)
            earned += Rewards(b, module);
        return Math.Exp(Math.Log(_rates[module] / mean) * earned / (earned + UsualRewards));
    }

    private double[] Fit()
    {
        var (earned, rates) = (new double[Modules], new double[Modules]);
        var (all, exposures) = (0.0, 0.0);
        for (var b = 0; b < Spans.Length; b++)
        {
            for (var i = 0; i < Modules; i++)
            {
                earned[i] += Spans[b].Weight * Rewards(b, i);
                (all, exposures) = (all + Rewards(b, i), exposures + Exposure(b, i));
            }
        }
        if (all <= 0 || exposures <= 0)
            return rates;
        var mean = all / exposures;
        Array.Fill(rates, mean);
        for (var round = 0; round < MaxRounds; round++)
        {
            if (Improve(rates, earned, mean) < Tolerance)
                break;
        }
        Scale(rates, all);
        return rates;
    }

    /// <returns>The largest relative change of a rate.</returns>
    private double Improve(double[] rates, double[] earned, double mean)
    {
        var shares = new double[Modules];
        for (var b = 0; b < Spans.Length; b++)
        {
            if (Totals[b] <= 0)
                continue;
            var expected = 0.0;
            for (var i = 0; i < Modules; i++)
                expected += Exposure(b, i) * rates[i];
            var level = expected > 0 ? Spans[b].Weight * Totals[b] / expected : 0;
            for (var i = 0; i < Modules; i++)
                shares[i] += Exposure(b, i) * level;
        }
        var most = 0.0;
        for (var i = 0; i < Modules; i++)
        {
            var next = (earned[i] + PriorRewards) / (shares[i] + PriorRewards / mean);
            most = Math.Max(most, Math.Abs(next / rates[i] - 1));
            rates[i] = next;
        }
        return most;
    }

    /// <summary>Only ratios of rates are told by the above: their scale is that all rewards are as many as expected, so that levels are about 1.</summary>
    private void Scale(double[] rates, double all)
    {
        var expected = 0.0;
        for (var b = 0; b < Spans.Length; b++)
        {
            for (var i = 0; i < Modules; i++)
                expected += Exposure(b, i) * rates[i];
        }
        for (var i = 0; i < Modules; i++)
            rates[i] *= all / expected;
    }
}
