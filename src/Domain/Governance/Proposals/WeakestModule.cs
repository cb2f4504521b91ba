using System.Collections.Immutable;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Learning;
using Flywheel.Domain.Scoring;

namespace Flywheel.Domain.Governance.Proposals;

/// <summary>Which module makes room for a new one.</summary>
public static class WeakestModule
{
    /// <summary>
    /// The module with the lowest chance of being the best of its slot, averaged over segments by their weight; the one that comes first in the
    /// document where several are as weak, and where nothing is known.
    /// </summary>
    /// <returns>Its id, and the chance with the impressions of the segments; no figure where nothing is known.</returns>
    /// <param name="segments">What is believed of the slot's modules, in the document's order, in each segment; and the segment's impressions.</param>
    /// <param name="pinned">A module that stays in any case; null for none.</param>
    public static (string Id, Figure? Chance) Of(Slot slot, IEnumerable<(long Weight, ImmutableArray<ModuleEstimate> Modules)> segments, string? pinned = null)
    {
        var (chances, total) = (new double[slot.Modules.Length], 0L);
        foreach (var (weight, modules) in segments.Where(segment => segment.Modules.Length == chances.Length))
        {
            total += weight;
            for (var i = 0; i < chances.Length; i++)
                chances[i] += weight * modules[i].ProbabilityBest;
        }
        // The slot has at least two modules, so there is another one.
        var kept = slot.Modules.Select(module => module.Id).ToList().IndexOf(pinned!);
        if (kept >= 0)
            chances[kept] = double.PositiveInfinity;
        var weakest = chances.Min();
        return (slot.Modules[Array.IndexOf(chances, weakest)].Id, total == 0 ? null : new Figure("probabilityBest", weakest / total, weakest / total, weakest / total, total));
    }
}
