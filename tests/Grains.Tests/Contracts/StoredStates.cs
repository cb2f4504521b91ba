using System.Collections.Immutable;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Governance;
using Flywheel.Domain.Governance.Proposals;
using Flywheel.Domain.Messaging.Budgets;
using Flywheel.Domain.Messaging.Triggers;
using Flywheel.Domain.Scoring;
using Flywheel.Domain.Webhooks;
using Flywheel.Grains.Campaigns;
using Flywheel.Grains.Messaging;
using Flywheel.Grains.Webhooks;

namespace Flywheel.Grains.Tests.Contracts;

/// <summary>One of each state that grains of messaging store, with every member set, by the name of its golden file.</summary>
internal static class StoredStates
{
    private static readonly DateTimeOffset At = new(2026, 5, 4, 10, 0, 0, TimeSpan.Zero);

    private static readonly Brief Brief = new() { Brand = "Aster", Objective = "first orders", Tone = ["warm"], Language = "en", MustSay = ["Aster"], NeverSay = ["guaranteed"], Claims = ["free returns"] };

    public static readonly Module Newcomer = new()
    {
        Id = "h3",
        Content = Documents.Read(Documents.Spring("Shoes that feel like home")).Slots[0].Modules[0].Content,
        Attributes = ImmutableSortedDictionary<string, string>.Empty.Add("angle", "proof"),
    };

    public static readonly Trigger Faded = new(TriggerKind.ModuleFaded, "headline")
    {
        Segment = "default",
        Module = "h1",
        Attribute = new ModuleAttribute("angle", "proof"),
        Carriers = ["h1"],
        Evidence = [new Figure("kept", 0.5, 0.4, 0.6, 2_000)],
    };

    public static readonly Proposal Live = new()
    {
        Id = "p-1",
        Slot = "headline",
        Status = ProposalStatus.Live,
        Writer = ProposalWriter.Model,
        CreatedAt = At,
        Module = Newcomer,
        Replaces = "h1",
        Reason = "h1 has faded in default",
        Segment = "default",
        Evidence = Faded.Evidence,
        Findings = [new Finding("length", FindingSeverity.Info, "…")],
        Request = "r-1",
        DecidedAt = At.AddMinutes(3),
        DecidedBy = "person",
        Comment = "good",
        IsRevised = true,
        Version = 1,
        Share = 0.1,
        Outcome = new ProposalOutcome(HistoryKind.Promoted, At.AddHours(1), "resonance 130", [new Figure("resonance", 130, 110, 150, 4_000)]),
    };

    public static readonly MessagingState Messaging = new()
    {
        Incarnation = 1_777_000_000_000,
        NextProposal = 2,
        NextRequest = 3,
        Proposals = [Live],
        Open =
        [
            new OpenRequest("r-2", "person", Faded, new BudgetVerdict(BudgetDecision.Granted, 20_577, new ModelCost(100, 10), 5), At)
            {
                Attempts = 2,
                Comment = "warmer",
                Revises = Newcomer,
            },
        ],
        Told = 4,
        Budget = new ProposalBudget { IsStopped = true, Day = 20_577, Proposals = 2, Spent = new ModelCost(100, 10), ActedMs = ImmutableSortedDictionary<string, long>.Empty.Add(Faded.Key, 1_777_000_000_000) },
        History =
        [
            new HistoryEntry(At, "agents", HistoryKind.Requested)
            {
                Number = 128,
                Request = "r-1",
                Proposal = "p-1",
                Slot = "headline",
                Module = "h1",
                Segment = "default",
                Version = 1,
                Share = 0.1,
                Writer = ProposalWriter.Offline,
                Comment = "h1 has faded in default",
                Evidence = Faded.Evidence,
                Findings = Live.Findings,
                Trigger = "moduleFaded",
                Wanted = Faded.Attribute,
                Brief = Brief,
                Content = Newcomer,
            },
            new HistoryEntry(At, "person", HistoryKind.AgentsStopped) { Number = 129 },
        ],
        FirstPage = 0,
        NextPage = 1,
    };

    public static readonly UntoldHistory Untold = UntoldHistory.None.With(
        [new HistoryEntry(At, "person", HistoryKind.Replaced) { Comment = "changed slots" }, new HistoryEntry(At, "person", HistoryKind.Added) { Slot = "headline", Module = "h3", Version = 1, Writer = ProposalWriter.Person, Content = Newcomer }],
        told: 0);

    public static readonly WebhookMessage Told = new("msg_0123456789abcdef0123456789abcdef", WebhookEvents.VerdictChanged, "spring", """{"type":"verdict.changed","timestamp":"2026-05-04T10:00:00Z","data":{}}""");

    public static readonly Outbox Outbox = new()
    {
        Definition = new WebhookDefinition("https://hooks.example.com/flywheel") { Events = [WebhookEvents.VerdictChanged], Campaigns = ["spring"], Description = "of the team", IsEnabled = true },
        CreatedAt = At,
        Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        PreviousSecret = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        PreviousUntil = At.AddHours(24),
        IsGone = true,
        Queue = [new QueuedMessage(Told, 2, At.AddMinutes(5))],
        Dead = [new DeadLetter(Told, 12, At, DeliveryOutcome.TimedOut, null)],
        Deliveries = [new WebhookDelivery(Told.Id, Told.Type, 1, At, DeliveryOutcome.Failed, 503, 40)],
        Known = [Told.Id],
    };

    public static TheoryData<string> Names => [.. All.Keys];

    public static readonly IReadOnlyDictionary<string, object> All = new Dictionary<string, object>
    {
        ["stored-messaging"] = Messaging,
        ["stored-history-page"] = new HistoryPageState { Entries = Messaging.History },
        ["stored-open-requests"] = new OpenRequestsState { Campaigns = ["autumn", "spring"] },
        ["stored-awaiting"] = new AwaitingState { Campaigns = ImmutableSortedDictionary<string, AwaitingCampaign>.Empty.Add("spring", new AwaitingCampaign(1_777_000_000_000, 130, 2, true)) },
        ["stored-webhook"] = Outbox,
        ["stored-webhook-directory"] = new WebhookDirectoryState { Keys = ["acme:ops", "ops"] },
        ["stored-campaign-watch-fadings"] = new ToldCampaign { Incarnation = 7, Fadings = [new ToldFading("default/headline/h1/1", At, 3_000, 50_000)] },
        ["stored-campaign-watch"] = new ToldCampaign { Incarnation = 1_777_000_000_000, Steps = 3, Verdict = "winning", Problems = ["quarantined"], Waiting = ["p-1"], Faded = ["default/headline/h1/1"] },
        ["stored-campaign"] = new CampaignState
        {
            Published = new PublishedCampaign
            {
                Id = "spring",
                Incarnation = 1_777_000_000_000,
                Revision = 3,
                LayoutRevision = 2,
                Campaign = Documents.Read(Documents.Spring()),
                Eligibility = new Eligibility([new StoppedModule("headline", Newcomer)], [new Challenger("headline", "h2", 0.1)]),
                Versions = [[1, 2], [1]],
            },
            Modules = ["headline/h1"],
            Segments = ["default"],
            Untold = Untold,
        },
    };
}
