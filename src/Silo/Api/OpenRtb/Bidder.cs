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
    /// <param name="isLate">Says whether an answer would come too late. Asked once all is chosen and before anything is decided.</param>
    /// <param name="reason">Why nothing is bid, where nothing is.</param>
    /// <returns>One bid or more; empty for none.</returns>
    public IReadOnlyList<Bid> BidsFor(BidRequest request, ReplicatedCampaign campaign, string beacons, Func<bool> isLate, out NoBid reason)
    {
        reason = NoBid.Format;
        if (BidTerms.Refuse(request, campaign.Published.Campaign) is { } refused)
        {
            reason = refused;
            return [];
        }
        var chosen = new List<(Impression Impression, NativePlan Plan, DrawnDecision Drawn)>();
        foreach (var impression in request.Impressions.TakeWhile(_ => chosen.Count < MostBids))
        {
            var why = NoBid.Paused;
            if (BidTerms.Refuse(impression, campaign.Published.Campaign.Delivery!, beacons) is { } not)
                why = not;
            else if (NativePlan.Of(impression.Native!, campaign, impression.IsSecure, out why) is { } plan && Draw(request, impression, campaign, plan) is { } drawn)
                chosen.Add((impression, plan, drawn));
            // What is not native says least of why there is no bid.
            if (reason == NoBid.Format)
                reason = why;
        }
        if (chosen.Count > 0 && isLate())
        {
            reason = NoBid.Late;
            return [];
        }
        return [.. chosen.Select(each => NewBid(each.Impression, campaign, each.Plan, request.IsTest ? null : Take(each.Drawn), each.Drawn.Choice.Combination, beacons))];
    }

    /// <summary>What is to be shown. In test mode it is never taken, and is the same that would be.</summary>
    private DrawnDecision? Draw(BidRequest request, Impression impression, ReplicatedCampaign campaign, NativePlan plan)
    {
        var asked = new DecisionRequest { Campaign = campaign.Utf8Id.Span, Context = request.Audience.ContextFor(impression.Tag), Unit = request.Audience.UnitBytes() };
        if (request.IsTest && asked.Unit.IsEmpty)
            asked.Unit = System.Text.Encoding.UTF8.GetBytes(request.Id);
        return decisions.Draw(campaign, asked, plan.Among, out var drawn, out _) == DecisionOutcome.Decided ? drawn : null;
    }

    /// <summary>The id of the decision.</summary>
    private string Take(in DrawnDecision drawn)
    {
        var output = new ArrayBufferWriter<byte>(1_024);
        decisions.Take(drawn, output);
        using var decision = JsonDocument.Parse(output.WrittenMemory);
        return decision.RootElement.GetProperty("decisionId").GetString()!;
    }

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
