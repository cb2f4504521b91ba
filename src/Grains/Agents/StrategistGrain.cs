using System.Collections.Immutable;
using Flywheel.Abstractions.Messaging;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Governance.Proposals;
using Flywheel.Domain.Governance.Trials;
using Flywheel.Domain.Messaging.Triggers;
using Flywheel.Domain.Scoring;
using Flywheel.Domain.Scoring.Readings;
using Flywheel.Grains.Replicas;
using Orleans.Placement;

namespace Flywheel.Grains.Agents;

/// <summary>
/// Decides what is to be written for one campaign, and why, by the campaign's id: asks for messaging when the evidence gives a reason, and
/// ends trials that the evidence has decided. Owns nothing; what it asks for is held by the messaging grain, within the campaign's budget.
/// Called every few seconds while a campaign's counts change.
/// </summary>
/// <remarks>It asks by itself only where the document has a <c>governance</c>: nobody else has said how far it may go.</remarks>
[GrainType("flywheel.strategist")]
[PreferLocalPlacement]
public sealed class StrategistGrain(CampaignReplica replica) : Grain, IStrategistGrain
{
    /// <summary>Reasons that are tried in one look.</summary>
    private const int MostTried = 8;

    private string Id => this.GetPrimaryKeyString();

    private IMessagingGrain Messaging => GrainFactory.GetGrain<IMessagingGrain>(Id);

    public async Task LookAsync(CancellationToken cancellationToken)
    {
        if (replica.Find(Id) is not { IsLive: true } campaign || await GrainFactory.GetGrain<IAnalystGrain>(Id).ReadAsync(cancellationToken) is not { } read)
            return;
        await EndTrialsAsync(campaign.Published, read.Segments, cancellationToken);
        if (campaign.Published.Campaign.Governance is { Mode: not GovernanceMode.Off })
            await AskAsync(campaign.Published.Campaign, read.Segments, cancellationToken);
    }

    private async Task EndTrialsAsync(PublishedCampaign published, ImmutableArray<SegmentReading> segments, CancellationToken cancellationToken)
    {
        foreach (var challenger in published.Eligibility?.Challengers ?? [])
        {
            var (verdict, resonance, impressions) = Trial.Judge(segments
                .SelectMany(segment => segment.Slots.Where(slot => slot.Id == challenger.Slot).SelectMany(slot => slot.Modules))
                .Where(module => module.Id == challenger.Module)
                .Select(module => (module.Resonance, module.Impressions)));
            if (verdict != TrialVerdict.Continue)
                await Messaging.EndTrialAsync(new TrialMessage(challenger.Slot, challenger.Module, verdict, Figure.Of("resonance", resonance, impressions)), cancellationToken);
        }
    }

    private async Task AskAsync(Campaign document, ImmutableArray<SegmentReading> segments, CancellationToken cancellationToken)
    {
        var triggers = TriggerFinder.Find(document, segments).Where(trigger => IsFounded(trigger, segments)).ToList();
        if (triggers.Count == 0 || await Messaging.ListAsync(cancellationToken) is not { } known)
            return;
        var pending = known.Proposals.Where(proposal => proposal.Status == ProposalStatus.Pending).CountBy(proposal => proposal.Slot).ToDictionary();
        foreach (var trigger in triggers.Where(trigger => pending.GetValueOrDefault(trigger.Slot) < MostPending(trigger.Kind)).Take(MostTried))
        {
            if ((await Messaging.RequestAsync(new RequestMessage(trigger, Lifecycle.Agents), cancellationToken)).Request is not null)
                return;
        }
    }

    /// <summary>How many proposals of a slot may wait for a decision for more to be asked for: what has faded is urgent, what was not tried yet is not.</summary>
    private static int MostPending(TriggerKind kind) => kind switch
    {
        TriggerKind.ModuleFaded => 6,
        TriggerKind.AttributeUntried => 1,
        _ => 2,
    };

    /// <summary>That nobody has tried something is a reason only once what was tried is known.</summary>
    private static bool IsFounded(Trigger trigger, ImmutableArray<SegmentReading> segments) =>
        trigger.Kind != TriggerKind.AttributeUntried
        || segments.Any(segment => segment.Slots.Any(slot => slot.Id == trigger.Slot && slot.Impressions >= SlotReading.KnownImpressions));
}
