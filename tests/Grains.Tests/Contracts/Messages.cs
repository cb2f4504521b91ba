using System.Collections.Immutable;
using Flywheel.Abstractions.Campaigns;
using Flywheel.Abstractions.Messaging;
using Flywheel.Abstractions.Partitions;
using Flywheel.Abstractions.Replicas;
using Flywheel.Abstractions.Segments;
using Flywheel.Abstractions.Webhooks;
using Flywheel.Decisions;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Experiments;
using Flywheel.Domain.Governance;
using Flywheel.Domain.Governance.Proposals;
using Flywheel.Domain.Governance.Trials;
using Flywheel.Domain.Learning;
using Flywheel.Domain.Learning.Checkpoints;
using Flywheel.Domain.Learning.Effects;
using Flywheel.Domain.Messaging.Budgets;
using Flywheel.Domain.Messaging.Triggers;
using Flywheel.Domain.Scoring;
using Flywheel.Domain.Webhooks;

namespace Flywheel.Grains.Tests.Contracts;

/// <summary>One of each message that silos send each other, by the name of its golden file.</summary>
internal static class Messages
{
    private static readonly PublishedCampaign Spring = new()
    {
        Id = "spring",
        Incarnation = 1_777_000_000_000,
        Revision = 3,
        LayoutRevision = 2,
        Campaign = Documents.Read(Documents.Spring()),
        Versions = [[1, 2], [1]],
    };

    private static readonly SegmentCounts Counts = new(4, new SignalLedger(12, 9, 2, 1, 0),
        [new ChannelTally("email", new GroupTally(20, 9, 1_000_000), new GroupTally(2, 1, 0), default,
            [new ModuleTally(PublishedCampaign.ModuleKey("headline", "h1", 1), TallySource.Learned, 9, 1_000_000)])])
    {
        Assignment = new Assignment(20, 2, 1_000_000),
    };

    private static readonly SegmentFit Fit = new(
        SegmentPolicy.Uniform([2, 1], 0.05, version: 6),
        [[new ModuleEstimate(0.04, -3.2, 0.1, 0.01, 0.6, 0.9)], []])
    {
        Summary = new SegmentSummary(-3.2, 12, [[0.1, -0.1], [0]], [[4, 4], [2]]),
    };

    private static readonly DateTimeOffset At = new(2026, 5, 4, 10, 0, 0, TimeSpan.Zero);

    private static readonly OpenRequest Asked = new("r-1", "person", Trigger.Asked("headline"), new BudgetVerdict(BudgetDecision.Granted, 20_577, new ModelCost(50_000, 165_000), null), At)
    {
        Comment = "warmer",
    };

    private static readonly Delivery Written = new("r-1", ProposalWriter.Model, new ModelCost(160, 560))
    {
        Drafts =
        [
            new Draft(ModuleContent.Empty, ImmutableSortedDictionary<string, string>.Empty.Add("angle", "benefit"))
            {
                Findings = [new Finding("reviewer-tone", FindingSeverity.Warning, "It is cold.")],
            },
        ],
        Note = "a note",
    };

    private static readonly PolicyCheckpoint Checkpoint = new(1_777_000_000_000, 1_777_000_010_000, CheckpointKind.BeforeRollback, 12, 3_000_000, [new LeftOutSpan(1_776_000_000_000, 1_776_000_060_000)]);

    public static TheoryData<string> Names => [.. All.Keys];

    public static readonly IReadOnlyDictionary<string, object> All = new Dictionary<string, object>
    {
        ["campaign-message"] = new CampaignMessage(Documents.Read(Documents.Spring())),
        ["published-campaign-message"] = new PublishedCampaignMessage(Spring, Deleting: true),
        ["publish-outcome"] = new PublishOutcome(true, new PublishedCampaignMessage(Spring), "a reason"),
        ["segment-counts-message"] = new SegmentCountsMessage(Spring.Incarnation, Counts, 1_777_000_000_000_000),
        ["segment-fit-message"] = new SegmentFitMessage("spring", Spring.Incarnation, "default", 2, Counts, Fit, 1_777_000_060_000, 1_777_000_000_000_000),
        ["partition-status"] = new PartitionStatus([new OwnedSegment("spring", Spring.Incarnation, "default", 4)], 1_777_000_000_000_000),
        ["segment-checkpoints"] = new SegmentCheckpointsMessage("default", [Checkpoint], 4, 1_777_000_000_000_000, 2, 1_777_000_050_000),
        ["rollback-message"] = new RollbackMessage(1_777_000_000_000, "default", "asked for by ops"),
        ["rollback-outcome"] = new RollbackOutcomeMessage(1_777_000_060_000, [new RolledBackSegment("default", 1_777_000_000_000, 12, 3_000_000)], ["young"], true, "a reason"),
        ["segment-counts-rolled-back"] = new SegmentCountsMessage(Spring.Incarnation, Counts with { LeftOut = new LeftOut(2, 1_777_000_050_000, 7, 2_000_000, Checkpoint.LeftOut) }, 1_777_000_000_000_000),
        ["decision-sample"] = new DecisionSampleMessage([new SampledDecision("default", 1_777_000_000_000, Group.Control, 0.25, "email", [1, ulong.MaxValue], 5_000_000)]),
        ["writing-order"] = new WritingOrderMessage(Spring.Incarnation, Asked, Spring.Campaign.Slots[0], new Brief { Brand = "Aster" }, [ulong.MaxValue]),
        ["review-order"] = new ReviewOrderMessage(Spring.Incarnation, Spring.Campaign.Slots[0], new Brief { Brand = "Aster" }, Written),
        ["amendment-message"] = new AmendmentMessage(new Amendment(AmendmentKind.Add, "headline", "h3") { Module = StoredStates.Newcomer, MaxShare = 0.1, Retires = "h2" }),
        ["amend-outcome"] = new AmendOutcomeMessage(new PublishedCampaignMessage(Spring), "a reason", IsMissing: true),
        ["campaign-report"] = new CampaignReportMessage(Spring, StoredStates.Untold.Entries),
        ["messaging-request"] = new RequestMessage(StoredStates.Faded, "agents"),
        ["messaging-outcome"] = new MessagingOutcome(Refusal.Conflict("a reason"), IsUnknown: true) { Request = "r-2", Proposal = StoredStates.Live },
        ["proposals"] = new ProposalsMessage([StoredStates.Live]),
        ["history"] = new HistoryMessage(StoredStates.Messaging.History),
        ["trial"] = new TrialMessage("headline", "h3", TrialVerdict.RollBack, new Figure("resonance", 80, 70, 91.5, 600)),
        ["edit"] = new EditMessage("p-1", StoredStates.Newcomer.Content, StoredStates.Newcomer.Attributes, "shorter"),
        ["messaging-standing"] = new MessagingStandingMessage("spring", Spring.Incarnation, 130, 2, true),
        ["sighting"] = new SightingMessage(new CampaignSighting(Spring.Incarnation, Verdict.Losing, new Interval(-0.2, -0.3, -0.1), ["sampleRatio"]), 130, 2),
        ["sighting-lasting"] = new SightingMessage(new CampaignSighting(Spring.Incarnation, Verdict.Losing, null, []) { Lasting = ["quarantined"] }, 130, 2),
        ["webhook-put"] = new WebhookPutMessage(StoredStates.Outbox.Definition),
        ["webhook-standing"] = new WebhookStandingMessage("acme:ops", StoredStates.Outbox.Definition, At, true, 1, 2),
        ["webhook-outcome"] = new WebhookOutcome(new WebhookStandingMessage("ops", StoredStates.Outbox.Definition, At, false, 1, 2), "a reason") { IsCreated = true, Secret = "whsec_AAAA", Message = StoredStates.Told.Id, Replayed = 3, PreviousUntil = At },
        ["webhook-messages"] = new WebhookMessagesMessage([StoredStates.Told]),
        ["webhook-outbox"] = new OutboxMessage(StoredStates.Outbox.Queue, StoredStates.Outbox.Dead, StoredStates.Outbox.Deliveries),
        ["delivery-result"] = new DeliveryResultMessage(StoredStates.Told.Id, new DeliveryResult(DeliveryOutcome.Failed, 503, TimeSpan.FromSeconds(30), 40)),
        ["delivery"] = new DeliveryMessage(Spring.Incarnation, Written),
    };
}
