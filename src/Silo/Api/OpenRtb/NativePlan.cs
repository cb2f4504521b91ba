using System.Collections.Immutable;
using Flywheel.Decisions;
using Flywheel.Grains.Replicas;

namespace Flywheel.Silo.Api.OpenRtb;

/// <summary>How a campaign fills a native request, before anything is chosen: which slot goes where, and which modules have room there.</summary>
internal sealed class NativePlan
{
    private readonly NativeContent[][] _contents;
    private readonly ImmutableArray<ImmutableArray<double>> _shares;
    private readonly bool _isSecure;
    private readonly List<int>[] _fitting;
    private readonly List<NativePart> _parts = [];
    private bool _isNarrow;

    private NativePlan(ReplicatedCampaign campaign, bool isSecure)
    {
        (_contents, _shares, _isSecure) = (NativeContent.Of(campaign.Published), campaign.Layout.MaxShares, isSecure);
        _fitting = [.. campaign.Layout.ModulesPerSlot.Select(many => Enumerable.Range(0, many).ToList())];
    }

    public IReadOnlyList<NativePart> Parts => _parts;

    /// <summary>Of each slot, the modules that may be chosen; null for all.</summary>
    public Narrowing? Among { get; private set; }

    /// <summary>Plans; null, and why, where a required asset cannot be filled.</summary>
    /// <param name="campaign">With a <c>delivery</c>.</param>
    /// <param name="isSecure">Whether images have to be on https.</param>
    public static NativePlan? Of(NativeRequest request, ReplicatedCampaign campaign, bool isSecure, out NoBid reason)
    {
        var plan = new NativePlan(campaign, isSecure);
        var slots = new NativeSlots(campaign.Published.Campaign);
        reason = NoBid.Fit;
        // Those that are required first: what is not gives way.
        foreach (var asset in request.Assets.OrderByDescending(asset => asset.IsRequired))
        {
            var slot = slots.For(asset);
            if (slot >= 0 ? plan.Narrow(asset, slot) : plan.Say(asset, slots.TextFor(asset)))
                continue;
            if (!asset.IsRequired)
                continue;
            reason = slot >= 0 || slots.TextFor(asset) is not null ? NoBid.Fit : NoBid.Asset;
            return null;
        }
        if (plan._parts.Count == 0 || !plan.Close(campaign.Layout.ModulesPerSlot))
            return null;
        return plan;
    }

    private bool Say(NativeAsset asset, string? text)
    {
        if (!NativeContent.Fits(text, asset))
            return false;
        _parts.Add(new NativePart(asset, -1, text));
        return true;
    }

    /// <summary>Leaves those modules of a slot that fit an asset; false, and all as it was, where none would be left.</summary>
    private bool Narrow(NativeAsset asset, int slot)
    {
        var left = _fitting[slot].Where(module => _contents[slot][module].Fits(asset, _isSecure)).ToList();
        if (left.Count < _fitting[slot].Count)
        {
            if (!left.Any(module => IsUnbounded(slot, module)))
                return false;
            (_fitting[slot], _isNarrow) = (left, true);
        }
        _parts.Add(new NativePart(asset, slot, null));
        return true;
    }

    /// <summary>
    /// Among fewer modules each gets a larger share, and one on trial, or beside one that is pinned, may take no more than its own: it is left to the
    /// requests that have room for all.
    /// </summary>
    private bool Close(ImmutableArray<int> modulesPerSlot)
    {
        if (!_isNarrow)
            return true;
        for (var slot = 0; slot < _fitting.Length; slot++)
            _fitting[slot].RemoveAll(module => !IsUnbounded(slot, module));
        if (_fitting.Any(slot => slot.Count == 0))
            return false;
        Among = new Narrowing(modulesPerSlot, [.. _fitting.Select(slot => slot.ToImmutableArray())]);
        return true;
    }

    private bool IsUnbounded(int slot, int module) => _shares.IsDefault || _shares[slot][module] >= 1;
}
