using System.Collections.Immutable;
using Flywheel.Decisions;
using Flywheel.Domain.Decisions;

namespace Flywheel.Domain.Learning;

/// <summary>
/// Carries fits over to a layout with other modules, without fitting: entries of a module that is gone go to the module of its slot that
/// the table serves most; a module that is new is served by the uniform share alone until the segment is fitted.
/// </summary>
public sealed class FitCarrier
{
    private readonly CampaignLayout _layout;
    private readonly SegmentFit _prior;

    /// <summary>By slot of the new layout: the place of each of its modules in the old one, −1 where it is new; null where it cannot be carried.</summary>
    private readonly int[][]? _earlier;

    /// <param name="from">The layout that fits are of.</param>
    /// <param name="to">The layout that they are carried to.</param>
    /// <param name="prior">A fit of the new layout without evidence: what is believed of new modules.</param>
    public FitCarrier(CampaignLayout from, CampaignLayout to, SegmentFit prior)
    {
        (_layout, _prior) = (to, prior);
        if (!from.Slots.Select(slot => slot.Id).SequenceEqual(to.Slots.Select(slot => slot.Id)))
            return;
        var earlier = to.ModuleKeys.Select((keys, slot) => keys.Select(key => from.ModuleKeys[slot].IndexOf(key)).ToArray()).ToArray();
        if (earlier.All(slot => slot.Any(place => place >= 0)))
            _earlier = earlier;
    }

    /// <summary>The fit under the new layout; null where a slot has none of its modules any more, or slots came or went.</summary>
    /// <param name="fit">A fit of the old layout.</param>
    /// <param name="version">Of the policy that is carried.</param>
    public SegmentFit? Carry(SegmentFit fit, long version)
    {
        if (_earlier is null || fit.Modules.IsDefaultOrEmpty)
            return null;
        var policy = PolicyOf(fit.Policy, version);
        return new SegmentFit(policy, [.. _earlier.Select((places, slot) => Estimates(fit, policy.SharesOf(slot), places, slot))]);
    }

    private ImmutableArray<ModuleEstimate> Estimates(SegmentFit fit, double[] shares, int[] places, int slot) =>
        [.. places.Select((place, module) => (place >= 0 ? fit.Modules[slot][place] : _prior.Modules[slot][module]) with { Share = shares[module] })];

    private SegmentPolicy PolicyOf(SegmentPolicy policy, long version)
    {
        var draws = policy.Draws();
        for (var slot = 0; slot < _earlier!.Length; slot++)
        {
            var now = Renumbered(policy, slot);
            for (var entry = 0; entry < draws.Length; entry++)
                draws[entry] = Combination.Replace(draws[entry], slot, now[Combination.ModuleAt(draws[entry], slot)]);
        }
        var settings = _layout.Published.Campaign.Policy;
        ShareCap.Apply(draws, _layout.MaxShares, SegmentPolicy.UniformShareOf(_layout.ModulesPerSlot, settings.Control, settings.MinPropensity));
        return new SegmentPolicy(version, _layout.ModulesPerSlot, draws, settings.Control, settings.MinPropensity);
    }

    /// <summary>The new place of each module of the old slot: its own, or that of the one served most.</summary>
    private int[] Renumbered(SegmentPolicy policy, int slot)
    {
        var shares = policy.SharesOf(slot);
        var most = Enumerable.Range(0, _earlier![slot].Length).Where(module => _earlier[slot][module] >= 0).MaxBy(module => shares[_earlier[slot][module]]);
        return [.. Enumerable.Range(0, shares.Length).Select(place => Array.IndexOf(_earlier[slot], place) is >= 0 and var now ? now : most)];
    }
}
