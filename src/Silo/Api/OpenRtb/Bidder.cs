using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Flywheel.Decisions;
using Flywheel.Domain.Campaigns;
using Flywheel.Grains.Replicas;
using Flywheel.Silo.Api.Decisions;

namespace Flywheel.Silo.Api.OpenRtb;

/// <summary>Bids for a campaign: each native impression that it can fill is a decision of its own, and a bid at the campaign's price.</summary>
internal sealed class Bidder(DecisionService decisions)
{
    /// <summary>Bids of one answer; impressions beyond get none.</summary>
    public const int MostBids = 8;

    /// <param name="campaign">Of the caller's tenant.</param>
    /// <param name="beacons">The address that beacons begin with.</param>
    /// <param name="reason">Why nothing is bid, where nothing is.</param>
    /// <returns>One bid or more; empty for none.</returns>
    public IReadOnlyList<Bid> BidsFor(BidRequest request, ReplicatedCampaign campaign, string beacons, out NoBid reason)
    {
        var bids = new List<Bid>();
        reason = NoBid.Format;
        if (BidTerms.Refuse(request, campaign.Published.Campaign) is { } refused)
        {
            reason = refused;
            return bids;
        }
        foreach (var impression in request.Impressions.TakeWhile(_ => bids.Count < MostBids))
        {
            var why = NoBid.Paused;
            if (BidTerms.Refuse(impression, campaign.Published.Campaign.Delivery!, beacons) is { } not)
                why = not;
            else if (NativePlan.Of(impression.Native!, campaign, impression.IsSecure, out why) is { } plan && Chosen(request, impression, campaign, plan) is var (decisionId, combination))
                bids.Add(NewBid(impression, campaign, plan, decisionId, combination, beacons));
            // What is not native says least of why there is no bid.
            if (reason == NoBid.Format)
                reason = why;
        }
        return bids;
    }

    /// <summary>What is shown, and the decision that it is of. In test mode none is made, and the same is shown that one would choose.</summary>
    private (string? DecisionId, ulong Combination)? Chosen(BidRequest request, Impression impression, ReplicatedCampaign campaign, NativePlan plan)
    {
        var asked = new DecisionRequest { Campaign = campaign.Utf8Id.Span, Context = request.Audience.ContextFor(impression.Tag), Unit = request.Audience.UnitBytes() };
        if (request.IsTest)
        {
            if (asked.Unit.IsEmpty)
                asked.Unit = System.Text.Encoding.UTF8.GetBytes(request.Id);
            return DecisionService.Preview(campaign, asked, plan.Among) is { } peek ? (null, peek.Combination) : null;
        }
        var output = new ArrayBufferWriter<byte>(1_024);
        if (decisions.Decide(campaign, asked, plan.Among, output, out _) != DecisionOutcome.Decided)
            return null;
        using var decision = JsonDocument.Parse(output.WrittenMemory);
        var combination = 0UL;
        foreach (var (place, chosen) in decision.RootElement.GetProperty("variant").EnumerateObject().Index())
            combination = Combination.With(combination, place, PlaceOf(campaign.Layout.Slots[place].Modules, chosen.Value.GetProperty("module")));
        return (decision.RootElement.GetProperty("decisionId").GetString()!, combination);
    }

    private static int PlaceOf(IReadOnlyList<Domain.Decisions.ServedModule> modules, JsonElement id) => modules.Index().First(module => id.ValueEquals(module.Item.Id)).Index;

    private static Bid NewBid(Impression impression, ReplicatedCampaign campaign, NativePlan plan, string? decisionId, ulong combination, string beacons)
    {
        var (document, contents) = (campaign.Published.Campaign, NativeContent.Of(campaign.Published));
        var delivery = document.Delivery!;
        var chosen = contents.Select((slot, place) => slot[Combination.ModuleAt(combination, place)]).ToList();
        var markup = NativeMarkup.Write(
            impression.Native!, plan.Parts, chosen, delivery.Link,
            decisionId is null ? null : type => $"{beacons}/v1/b/{type}/{decisionId}",
            type => campaign.Knows(System.Text.Encoding.UTF8.GetBytes(type)));
        var creative = Mixing.Of(string.Join('/', campaign.Layout.ModuleKeys.Select((slot, place) => slot[Combination.ModuleAt(combination, place)])));
        return new Bid(
            decisionId ?? impression.Id, impression.Id, delivery.PriceMicros / (decimal)Rewards.Micro, markup, delivery.KnownDomains(), campaign.Published.LocalId,
            creative.ToString("x16", CultureInfo.InvariantCulture), campaign.WindowSeconds)
        {
            Iurl = plan.Parts.Where(part => part.Asset.Kind == NativeAssetKind.Image).Select(part => chosen[part.Slot].Url!.AbsoluteUri).FirstOrDefault(),
            Cat = delivery.Categories.IsEmpty ? null : delivery.Categories,
            Language = BidTerms.LanguageOf(document),
        };
    }
}
