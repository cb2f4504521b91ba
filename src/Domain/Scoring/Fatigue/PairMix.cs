using System.Collections.Immutable;
using Flywheel.Domain.Learning.Evidence;

namespace Flywheel.Domain.Scoring.Fatigue;

/// <summary>
/// Which modules were served together between two looks. A learned policy moves a module from one company to another, and its rate with
/// it: no fatigue, so that its impressions are weighed by what its company does to a rate.
/// </summary>
internal sealed class PairMix
{
    private readonly int[] _slotOf;
    private readonly double[] _effects;
    private readonly int _slots;
    private readonly double[] _seen;
    private readonly double[] _weighed;

    /// <param name="slotOf">The slot of each module watched.</param>
    /// <param name="effects">What each does to a rate, relative to its slot's modules served evenly.</param>
    public PairMix(int[] slotOf, double[] effects)
    {
        (_slotOf, _effects, _slots) = (slotOf, effects, slotOf.Length == 0 ? 0 : slotOf[^1] + 1);
        (_seen, _weighed) = (new double[slotOf.Length * _slots], new double[slotOf.Length * _slots]);
    }

    /// <summary>Adds what came between two looks.</summary>
    /// <param name="places">The place in the watch of each module of the evidence; −1 for what is not watched.</param>
    public PairMix Add(ImmutableArray<PairTally> before, ImmutableArray<PairTally> now, int[] places)
    {
        // Pairs keep their order unless the table dropped some or was read from a store.
        Dictionary<(int, int), long>? sought = null;
        for (var i = 0; i < now.Length; i++)
        {
            var pair = now[i];
            var (first, second) = (places[pair.First], places[pair.Second]);
            if (first < 0 || second < 0)
                continue;
            long had;
            if (i < before.Length && before[i].First == pair.First && before[i].Second == pair.Second)
                had = before[i].Impressions;
            else
                (sought ??= before.ToDictionary(each => (each.First, each.Second), each => each.Impressions)).TryGetValue((pair.First, pair.Second), out had);
            var came = pair.Impressions < had ? pair.Impressions : pair.Impressions - had;
            Add(first, second, came);
            Add(second, first, came);
        }
        return this;
    }

    /// <summary>Impressions by module, plain and weighed: the mean effects of the other slots' modules multiply.</summary>
    public (double[] Impressions, double[] Weighed) Sum()
    {
        var (impressions, weighed) = (new double[_slotOf.Length], new double[_slotOf.Length]);
        for (var module = 0; module < impressions.Length; module++)
        {
            var factor = 1.0;
            for (var slot = 0; slot < _slots; slot++)
            {
                var seen = _seen[module * _slots + slot];
                if (seen <= 0)
                    continue;
                impressions[module] = Math.Max(impressions[module], seen);
                factor *= _weighed[module * _slots + slot] / seen;
            }
            weighed[module] = impressions[module] * factor;
        }
        return (impressions, weighed);
    }

    private void Add(int module, int partner, long came)
    {
        var at = module * _slots + _slotOf[partner];
        _seen[at] += came;
        _weighed[at] += came * _effects[partner];
    }
}
