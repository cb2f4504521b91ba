using System.Collections.Immutable;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Silo.Api.OpenRtb;

/// <summary>Whether a campaign may be offered to a request and its impressions at all. Pure.</summary>
internal static class BidTerms
{
    private const int ContentTaxonomy1 = 1;

    /// <summary>Why the campaign is not offered to a request; null where it is.</summary>
    public static NoBid? Refuse(BidRequest request, Campaign campaign)
    {
        if (campaign.Status != CampaignStatus.Live)
            return NoBid.Paused;
        if (campaign.Delivery is not { } delivery)
            return NoBid.Delivery;
        if (request.Seats.Count > 0)
            return NoBid.Deal;
        if (request.Currencies.Count > 0 && !request.Currencies.Contains(delivery.Currency, StringComparer.OrdinalIgnoreCase))
            return NoBid.Currency;
        if (delivery.KnownDomains().Any(own => request.BlockedDomains.Any(blocked => IsWithin(own, blocked))))
            return NoBid.Advertiser;
        if (!AllowsCategories(request, delivery.Categories))
            return NoBid.Category;
        return LanguageOf(campaign) is { } language && request.Languages.Count > 0 && !request.Languages.Any(allowed => Primary(allowed) == language) ? NoBid.Language : null;
    }

    /// <summary>Why it is not offered to an impression; null where it is.</summary>
    /// <param name="beacons">The address that beacons begin with.</param>
    public static NoBid? Refuse(Impression impression, DeliveryTerms delivery, string beacons)
    {
        if (impression.Wrong is not null)
            return NoBid.Invalid;
        if (impression.Native is not { } native)
            return NoBid.Format;
        if (impression.IsPrivate)
            return NoBid.Deal;
        if (impression.Floor > 0 && !impression.FloorCurrency.Equals(delivery.Currency, StringComparison.OrdinalIgnoreCase))
            return NoBid.Currency;
        if (impression.Floor > delivery.PriceMicros / (double)Rewards.Micro)
            return NoBid.Floor;
        if (impression.IsSecure && !(IsHttps(delivery.Link) && IsHttps(beacons)))
            return NoBid.Secure;
        return NativeMarkup.CanTrack(native) ? null : NoBid.Tracking;
    }

    /// <summary>The campaign's language in two letters; null where its brief says none that has.</summary>
    public static string? LanguageOf(Campaign campaign) => campaign.Brief?.Language is { } tag && Primary(tag) is { Length: 2 } language ? language : null;

    /// <summary>Without categories there is nothing to block, and nothing that could be allowed. Those of another taxonomy cannot be compared.</summary>
    private static bool AllowsCategories(BidRequest request, ImmutableArray<string> own)
    {
        if (request.BlockedCategories.Count == 0 && request.AllowedCategories.Count == 0)
            return true;
        if (own.IsEmpty)
            return request.AllowedCategories.Count == 0;
        return request.Taxonomy == ContentTaxonomy1
            && !own.Any(category => request.BlockedCategories.Any(blocked => IsOf(category, blocked)))
            && (request.AllowedCategories.Count == 0 || own.All(category => request.AllowedCategories.Any(allowed => IsOf(category, allowed))));
    }

    private static bool IsOf(string category, string parent) =>
        category.Equals(parent, StringComparison.OrdinalIgnoreCase) || category.StartsWith(parent + "-", StringComparison.OrdinalIgnoreCase);

    private static bool IsWithin(string domain, string blocked) =>
        domain.Equals(blocked, StringComparison.OrdinalIgnoreCase) || domain.EndsWith("." + blocked, StringComparison.OrdinalIgnoreCase);

    private static bool IsHttps(string address) => address.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    private static string Primary(string language) => language.Split('-', '_')[0].ToLowerInvariant();
}
