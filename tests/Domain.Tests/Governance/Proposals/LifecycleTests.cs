using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Governance;
using Flywheel.Domain.Governance.Proposals;
using Flywheel.Domain.Governance.Trials;
using Flywheel.Domain.Learning;
using Flywheel.Domain.Messaging.Budgets;
using Flywheel.Domain.Messaging.Triggers;
using Flywheel.Domain.Scoring;

namespace Flywheel.Domain.Tests.Governance.Proposals;

public sealed class LifecycleTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    private static readonly Campaign Spring = Document();

    [Fact]
    public void Request_KnownSlot_OpensItAndTellsTheHistory()
    {
        var step = Request(MessagingState.Empty);

        Assert.Null(step.Refusal);
        Assert.Equal(("r-1", 1), (step.Opened!.Id, step.Opened.Attempts));
        Assert.Equal([step.Opened], step.State.Open);
        var entry = Assert.Single(step.State.History);
        Assert.Equal((HistoryKind.Requested, "person", "r-1", "headline", 0), (entry.Kind, entry.Actor, entry.Request, entry.Slot, entry.Number));
    }

    [Fact]
    public void Request_UnknownSlot_IsMissing() => Assert.True(Lifecycle.Request(MessagingState.Empty, Spring, Trigger.Asked("sound"), "person", default, Now).Refusal!.IsMissing);

    [Fact]
    public void Request_ModeOff_IsAConflictThatSaysWhy()
    {
        var step = Lifecycle.Request(MessagingState.Empty, Document("""{"mode":"off"}"""), Trigger.Asked("headline"), "person", default, Now);

        Assert.Contains("governance.mode is off", step.Refusal!.Text);
        Assert.Same(MessagingState.Empty, step.State);
    }

    [Fact]
    public void Request_BeyondTheDaysBudget_IsAConflictUntilTomorrow()
    {
        var document = Document("""{"proposalsPerDay":1}""");
        var used = Lifecycle.Request(MessagingState.Empty, document, Trigger.Asked("headline"), "person", default, Now).State;

        Assert.Contains("used up (1, governance.proposalsPerDay)", Lifecycle.Request(used, document, Trigger.Asked("headline"), "person", default, Now).Refusal!.Text);
        Assert.Null(Lifecycle.Request(used, document, Trigger.Asked("headline"), "person", default, Now.AddDays(1)).Refusal);
    }

    [Theory]
    [InlineData("""{"tokensPerDay":1000}""", 600, 0, "a request may take 600 tokens, and fewer are left of the day's 1000 (governance.tokensPerDay)")]
    [InlineData("""{"costPerDay":0.5}""", 0, 300_000, "a request may cost 0.3, and less is left of the day's 0.5 (governance.costPerDay)")]
    public void Request_BeyondTheDaysTokensOrMoney_IsAConflictThatSaysWhichLimit(string governance, long tokens, long micros, string why)
    {
        var (document, most) = (Document(governance), new ModelCost(tokens, micros));
        var once = Lifecycle.Request(MessagingState.Empty, document, Trigger.Asked("headline"), "person", most, Now);

        Assert.Null(once.Refusal);
        Assert.StartsWith(why, Lifecycle.Request(once.State, document, Trigger.Asked("headline"), "person", most, Now).Refusal!.Text);
    }

    [Fact]
    public void Request_SameReasonAfterTheCoolDownOfTheDocument_IsGranted()
    {
        var (document, faded) = (Document("""{"coolDownMinutes":30}"""), new Trigger(TriggerKind.ModuleFaded, "headline") { Module = "h1" });
        var once = Lifecycle.Request(MessagingState.Empty, document, faded, "agents", default, Now).State;

        Assert.Contains("a short while ago", Lifecycle.Request(once, document, faded, "agents", default, Now.AddMinutes(29)).Refusal!.Text);
        Assert.Null(Lifecycle.Request(once, document, faded, "agents", default, Now.AddMinutes(30)).Refusal);
    }

    [Fact]
    public void Request_WhileTheAgentsAreStopped_IsAConflict()
    {
        var stopped = Lifecycle.Switch(MessagingState.Empty, stopped: true, Now).State;

        Assert.Contains("stopped", Request(stopped).Refusal!.Text);
        Assert.Null(Request(Lifecycle.Switch(stopped, stopped: false, Now).State).Refusal);
        Assert.Same(stopped, Lifecycle.Switch(stopped, stopped: true, Now).State);
    }

    [Fact]
    public void Request_MoreThanMayBeOpen_IsAConflict()
    {
        var state = MessagingState.Empty;
        for (var i = 0; i < MessagingState.MostOpen; i++)
            state = Request(state).State;

        Assert.Contains("16 requests are being written", Request(state).Refusal!.Text);
    }

    [Fact]
    public void AskAgain_Twice_IsOnceTooOften()
    {
        var again = Lifecycle.AskAgain(Request(MessagingState.Empty).Opened!, Now);

        Assert.Equal(2, again!.Attempts);
        Assert.Null(Lifecycle.AskAgain(again, Now));
    }

    [Fact]
    public void Propose_OneDraftBlocked_KeepsItAndProposesTheBest()
    {
        var step = Propose(Request(MessagingState.Empty).State, "Results guaranteed", "Shoes that feel like home");

        Assert.Equal(["pending", "blocked"], step.State.Proposals.Select(proposal => proposal.Status.ToString().ToLowerInvariant()));
        Assert.Equal(["h3", "h4"], step.State.Proposals.Select(proposal => proposal.Module.Id));
        Assert.Equal("p-1", step.Proposal!.Id);
        Assert.Empty(step.State.Open);
        Assert.Contains(step.State.Proposals[1].Findings, finding => finding is { Rule: "never-say", Severity: FindingSeverity.Block });
        Assert.Equal([HistoryKind.Requested, HistoryKind.Proposed, HistoryKind.Blocked], step.State.History.Select(entry => entry.Kind));
    }

    [Fact]
    public void Propose_SeveralThatNothingBlocks_TheRestIsInTheHistory()
    {
        var step = Propose(Request(MessagingState.Empty).State, "Shoes that feel like home", "Walk as if on moss");

        Assert.Single(step.State.Proposals);
        var passed = step.State.History[^1];
        Assert.Equal((HistoryKind.PassedOver, "r-1", "headline", null, null), (passed.Kind, passed.Request, passed.Slot, passed.Proposal, passed.Module));
        Assert.Equal(Text("Walk as if on moss"), passed.Content!.Content);
        Assert.Equal(ProposalWriter.Offline, passed.Writer);
        Assert.Equal("something new earns more than the average of headline", step.Proposal!.Hypothesis);
        Assert.Equal(step.Proposal.Hypothesis, step.State.History[0].Hypothesis);
    }

    [Fact]
    public void Propose_WhatAReviewerFound_ComesOnTopOfWhatTheRulesFound()
    {
        var (tone, claims) = (new Finding("reviewer-tone", FindingSeverity.Warning, "It is cold."), new Finding("reviewer-claims", FindingSeverity.Block, "Nothing backs it."));
        var mild = new Finding("never-say", FindingSeverity.Info, "Fine.");
        var delivery = new Delivery("r-1", ProposalWriter.Model, default)
        {
            Drafts = [Draft("A text of shoes", claims), Draft("Shoes that feel like home", tone), Draft("Results guaranteed", mild)],
        };

        var step = Lifecycle.Propose(Request(MessagingState.Empty).State, Spring, Eligibility.All, delivery, Now);

        Assert.Equal([tone], step.Proposal!.Findings);
        Assert.False(Lifecycle.MayGoLiveByItself(Document("""{"mode":"auto"}"""), step.Proposal));
        Assert.Equal([ProposalStatus.Pending, ProposalStatus.Blocked, ProposalStatus.Blocked], step.State.Proposals.Select(proposal => proposal.Status));
        Assert.Contains(claims, step.State.Proposals[1].Findings);
        Assert.Contains(step.State.Proposals[2].Findings, finding => finding is { Rule: "never-say", Severity: FindingSeverity.Block });
        Assert.Equal([tone], step.State.History[1].Findings);
    }

    [Fact]
    public void Propose_WhatWaitsForADecisionAlready_IsBlockedAsADuplicateThatCanStillBeApprovedOnce()
    {
        var two = Request(Request(MessagingState.Empty).State).State;
        var first = Propose(two, "Shoes that feel like home").State;

        var second = Lifecycle.Propose(first, Spring, Eligibility.All, Deliver("r-2", "Shoes that feel like HOME", "Walk as if on moss"), Now);

        Assert.Equal(Text("Walk as if on moss"), second.Proposal!.Module.Content);
        var blocked = Assert.Single(second.State.Proposals, proposal => proposal.Status == ProposalStatus.Blocked);
        Assert.Contains(blocked.Findings, finding => finding.Rule == "duplicate" && finding.Text.Contains("what waits for a decision already", StringComparison.Ordinal));
        Assert.Null(Lifecycle.CheckApproval(second.State, "p-1", Spring));
    }

    [Fact]
    public void Propose_SameRequestAgain_ChangesNothing()
    {
        var state = Propose(Request(MessagingState.Empty).State, "Shoes that feel like home").State;

        Assert.Same(state, Propose(state, "Another text of shoes").State);
    }

    [Fact]
    public void Propose_Failure_ClosesTheRequestAndSettlesWhatItCost()
    {
        var open = Lifecycle.Request(MessagingState.Empty, Spring, Trigger.Asked("headline"), "person", new ModelCost(100, 10), Now).State;
        var failed = Lifecycle.Propose(open, Spring, Eligibility.All, new Delivery("r-1", ProposalWriter.Model, new ModelCost(7, 1)) { IsFailure = true, Note = "no answer in time" }, Now).State;

        Assert.Empty(failed.Open);
        Assert.Equal(new ModelCost(7, 1), failed.Budget.Spent);
        Assert.Equal((HistoryKind.Failed, "no answer in time"), (failed.History[^1].Kind, failed.History[^1].Comment));
    }

    [Fact]
    public void Propose_MoreThanAreKept_LetsTheOldestThatIsOverGo()
    {
        var document = Document("""{"proposalsPerDay":1000}""");
        var state = MessagingState.Empty;
        for (var i = 1; i <= MessagingState.MostProposals + 1; i++)
        {
            state = Lifecycle.Request(state, document, Trigger.Asked("headline"), "person", default, Now).State;
            state = Lifecycle.Propose(state, document, Eligibility.All, Deliver($"r-{i}", $"{Words(i)} shoes"), Now).State;
            if (i == 2)
                state = Lifecycle.Reject(state, document, "p-2", null, Now).State;
        }

        Assert.Equal(MessagingState.MostProposals, state.Proposals.Length);
        Assert.Null(state.Find("p-2"));
        Assert.NotNull(state.Find("p-1"));

        static string Words(int i) => string.Join(' ', i.ToString("d4", System.Globalization.CultureInfo.InvariantCulture).Select(digit => ((string[])["amber", "birch", "cedar", "dusk", "ember", "fern", "grove", "heath", "iris", "juniper"])[digit - '0']));
    }

    [Fact]
    public void Approve_Pending_GoesLiveOnce()
    {
        var pending = Propose(Request(MessagingState.Empty).State, "Shoes that feel like home").State;
        Assert.Null(Lifecycle.CheckApproval(pending, "p-1", Spring));

        var live = Lifecycle.Approve(pending, "p-1", "person", "good", version: 2, share: 0.1, retired: ("h2", null), Now.AddMinutes(3));

        Assert.Equal((ProposalStatus.Live, "person", "good", 2), (live.Proposal!.Status, live.Proposal.DecidedBy, live.Proposal.Comment, live.Proposal.Version));
        Assert.Equal([HistoryKind.Approved, HistoryKind.Retired], live.State.History[^2..].Select(entry => entry.Kind));
        Assert.Equal(0.1, live.State.History[^2].Share);
        Assert.Contains("decided on already: it is live", Lifecycle.CheckApproval(live.State, "p-1", Spring)!.Text);
        Assert.Contains("decided on already", Lifecycle.Reject(live.State, Spring, "p-1", null, Now).Refusal!.Text);
    }

    [Fact]
    public void CheckApproval_WhatIsServedMeanwhile_IsRefused()
    {
        var pending = Propose(Request(MessagingState.Empty).State, "Shoes that feel like home").State;
        var document = Spring with { Slots = [Spring.Slots[0] with { Modules = Spring.Slots[0].Modules.Add(new Module { Id = "x1", Content = Text("shoes that feel like home!") }) }] };

        Assert.Contains("duplicate", Lifecycle.CheckApproval(pending, "p-1", document)!.Text);
    }

    [Fact]
    public void Reject_WhatAnApprovalThatWasCutOffServes_IsAConflictAndApprovalFinishes()
    {
        var pending = Propose(Request(MessagingState.Empty).State, "Shoes that feel like home").State;
        var document = Spring with { Slots = [Spring.Slots[0] with { Modules = Spring.Slots[0].Modules.Add(pending.Proposals[0].Module) }] };

        Assert.Contains("cut off", Lifecycle.Reject(pending, document, "p-1", null, Now).Refusal!.Text);
        Assert.Null(Lifecycle.CheckApproval(pending, "p-1", document));
    }

    [Fact]
    public void Reject_Pending_IsNotProposedAgain()
    {
        var rejected = Lifecycle.Reject(Propose(Request(MessagingState.Empty).State, "Shoes that feel like home").State, Spring, "p-1", "no", Now).State;
        var again = Lifecycle.Propose(Request(rejected).State, Spring, Eligibility.All, Deliver("r-2", "Shoes, that feel like HOME"), Now);

        Assert.Null(again.Proposal);
        Assert.Equal(ProposalStatus.Blocked, again.State.Find("p-2")!.Status);
    }

    [Fact]
    public void Revise_Pending_AsksAgainWithTheCommentAndWelcomesTheLike()
    {
        var step = Lifecycle.Revise(Propose(Request(MessagingState.Empty).State, "Shoes that feel like home").State, Spring, "p-1", "warmer", default, Now);

        Assert.Equal(ProposalStatus.Rejected, step.State.Find("p-1")!.Status);
        Assert.Equal(("r-2", "warmer", "h3"), (step.Opened!.Id, step.Opened.Comment, step.Opened.Revises!.Id));
        Assert.Equal([HistoryKind.Revised, HistoryKind.Requested], step.State.History[^2..].Select(entry => entry.Kind));
        Assert.NotNull(Lifecycle.Propose(step.State, Spring, Eligibility.All, Deliver("r-2", "Shoes that feel like homes"), Now).Proposal);
    }

    [Fact]
    public void Revise_WithoutBudget_LeavesTheProposalPending()
    {
        var document = Document("""{"proposalsPerDay":1}""");
        var pending = Propose(Lifecycle.Request(MessagingState.Empty, document, Trigger.Asked("headline"), "person", default, Now).State, "Shoes that feel like home").State;

        var step = Lifecycle.Revise(pending, document, "p-1", null, default, Now);

        Assert.NotNull(step.Refusal);
        Assert.Same(pending, step.State);
    }

    [Theory]
    [InlineData(TrialVerdict.Promote, ProposalStatus.Live, HistoryKind.Promoted)]
    [InlineData(TrialVerdict.Retire, ProposalStatus.Retired, HistoryKind.Retired)]
    [InlineData(TrialVerdict.RollBack, ProposalStatus.RolledBack, HistoryKind.RolledBack)]
    public void EndTrial_OfALiveModule_IsItsProposalsOutcomeWithTheFigure(TrialVerdict verdict, ProposalStatus status, HistoryKind kind)
    {
        var resonance = new Figure("resonance", 80, 70, 91.5, 600);

        var step = Lifecycle.EndTrial(Live(), "headline", "h3", verdict, resonance, Now.AddHours(1));

        Assert.Equal((status, kind, Now.AddHours(1)), (step.Proposal!.Status, step.Proposal.Outcome!.Kind, step.Proposal.Outcome.At));
        Assert.Equal([resonance], step.Proposal.Outcome.Evidence);
        var entry = step.State.History[^1];
        Assert.Equal((kind, "agents", "p-1", "r-1", 1), (entry.Kind, entry.Actor, entry.Proposal, entry.Request, entry.Version));
        Assert.Equal([resonance], entry.Evidence);
        Assert.Equal("resonance 80 (70 to 92; 100 is the slot's average) over 600 impressions", entry.Comment);
    }

    [Fact]
    public void EndTrial_OfAModuleWithoutProposal_IsInTheHistory() =>
        Assert.Equal(HistoryKind.Retired, Lifecycle.EndTrial(Live(), "headline", "h1", TrialVerdict.Retire, new Figure("resonance", 98, 90, 107, 20_000), Now).State.History[^1].Kind);

    [Fact]
    public void Approve_InAFullSlot_SaysOnWhichFigureTheOtherLeaves()
    {
        var chance = new Figure("probabilityBest", 0.02, 0.02, 0.02, 4_000);

        var entry = Lifecycle.Approve(Propose(Request(MessagingState.Empty).State, "Shoes that feel like home").State, "p-1", "person", null, 1, 0.1, ("h1", chance), Now).State.History[^1];

        Assert.Equal((HistoryKind.Retired, "h1", "made room for h3"), (entry.Kind, entry.Module, entry.Comment));
        Assert.Equal([chance], entry.Evidence);
    }

    [Fact]
    public void Take_DocumentWithoutALiveModule_EndsItsProposalAndTakesEachEntryOnce()
    {
        var live = Live();
        ImmutableArray<HistoryEntry> untold =
        [
            new(Now.AddHours(1), "person", HistoryKind.Replaced) { Number = 1 },
            new(Now.AddHours(1), "person", HistoryKind.Retired) { Number = 2, Slot = "headline", Module = "h3", Version = 1, Comment = "left out of the document" },
            new(Now.AddHours(1), "person", HistoryKind.Added) { Number = 3, Slot = "headline", Module = "h9", Version = 1, Writer = ProposalWriter.Person },
        ];

        var taken = Lifecycle.Take(live, untold);

        Assert.Equal((ProposalStatus.Retired, HistoryKind.Retired, 3), (taken.Find("p-1")!.Status, taken.Find("p-1")!.Outcome!.Kind, taken.Told));
        Assert.Equal([(HistoryKind.Replaced, null), (HistoryKind.Retired, "p-1"), (HistoryKind.Added, null)], taken.History[^3..].Select(entry => (entry.Kind, entry.Proposal)));
        Assert.Equal(Enumerable.Range(0, taken.History.Length).Select(i => (long)i), taken.History.Select(entry => entry.Number));
        Assert.Same(taken, Lifecycle.Take(taken, untold));
    }

    [Fact]
    public void Take_StopOfALiveModule_LeavesItsProposalLiveAndNamesIt()
    {
        var taken = Lifecycle.Take(Live(), [new HistoryEntry(Now, "person", HistoryKind.Stopped) { Number = 1, Slot = "headline", Module = "h3" }]);

        Assert.Equal((ProposalStatus.Live, "p-1"), (taken.Find("p-1")!.Status, taken.History[^1].Proposal));
    }

    [Fact]
    public void Request_ForAReason_TellsTheHistoryWhatTheWriterIsTold()
    {
        var trigger = new Trigger(TriggerKind.AttributeResonates, "headline") { Segment = "default", Attribute = new ModuleAttribute("angle", "proof"), Carriers = ["h1"], Evidence = [new Figure("resonance", 130, 110, 150, 4_000)] };

        var entry = Lifecycle.Request(MessagingState.Empty, Spring, trigger, "agents", default, Now).State.History[^1];

        Assert.Equal(("attributeResonates", new ModuleAttribute("angle", "proof"), "Aster"), (entry.Trigger, entry.Wanted, entry.Brief!.Brand));
        Assert.Equal(trigger.Evidence, entry.Evidence);
        var wordy = Spring with { Brief = new Brief { Claims = [.. Enumerable.Repeat(new string('x', 2_000), 5)] } };
        Assert.Null(Lifecycle.Request(MessagingState.Empty, wordy, trigger, "agents", default, Now).State.History[^1].Brief);
    }

    [Fact]
    public void State_OverManyEntries_NumbersThemAndTurnsPages()
    {
        var state = MessagingState.Empty;
        for (var i = 0; i < MessagingState.PageEntries + 2; i++)
            state = state.With(new HistoryEntry(Now, "person", HistoryKind.Replaced));

        var turned = state.WithoutPage();

        Assert.Equal([128, 129], turned.History.Select(entry => entry.Number));
        Assert.Equal((1, 0, 130), (turned.NextPage, turned.FirstPage, turned.NextEntry));
        Assert.Equal(1, (state with { NextPage = MessagingState.MostPages }).WithoutPage().FirstPage);
    }

    [Fact]
    public void State_AsJson_ReadsBack()
    {
        var state = Request(Propose(Request(MessagingState.Empty).State, "Results guaranteed", "Shoes that feel like home").State).State;

        var json = JsonSerializer.Serialize(state);

        Assert.Equal(json, JsonSerializer.Serialize(JsonSerializer.Deserialize<MessagingState>(json)));
        Assert.Contains("\"Status\":\"pending\"", json);
    }

    [Theory]
    [InlineData("""{"mode":"approve"}""", null, false)]
    [InlineData("""{"mode":"approve","auto":{"risk":"warning"}}""", null, false)]
    [InlineData("""{"mode":"auto"}""", null, true)]
    [InlineData("""{"mode":"auto"}""", FindingSeverity.Info, true)]
    [InlineData("""{"mode":"auto"}""", FindingSeverity.Warning, false)]
    [InlineData("""{"mode":"auto","auto":{"risk":"none"}}""", null, true)]
    [InlineData("""{"mode":"auto","auto":{"risk":"none"}}""", FindingSeverity.Info, false)]
    [InlineData("""{"mode":"auto","auto":{"risk":"warning"}}""", FindingSeverity.Warning, true)]
    [InlineData("""{"mode":"auto","auto":{"risk":"warning"}}""", FindingSeverity.Block, false)]
    [InlineData("""{"mode":"auto","auto":{"risk":"warning"}}""", FindingSeverity.Warning, false, "reviewer-missing")]
    [InlineData("""{"mode":"auto","auto":{"slots":["headline"]}}""", FindingSeverity.Info, true)]
    [InlineData("""{"mode":"auto","auto":{"slots":["image"],"risk":"warning"}}""", null, false)]
    public void MayGoLiveByItself_ByLimits_IsAsStated(string governance, FindingSeverity? found, bool may, string rule = "tone")
    {
        var proposal = Propose(Request(MessagingState.Empty).State, "Shoes that feel like home").Proposal! with { Findings = found is { } severity ? [new Finding(rule, severity, "…")] : [] };

        Assert.Equal(may, Lifecycle.MayGoLiveByItself(Document(governance), proposal));
    }

    [Theory]
    [InlineData("{}", 0.1, 0.1)]
    [InlineData("""{"challengerShare":0.2}""", 0.2, 0.2)]
    [InlineData("""{"challengerShare":0.2,"auto":{"share":0.05}}""", 0.2, 0.05)]
    public void ShareOf_ByWhoDecides_IsAsStated(string governance, double person, double auto)
    {
        var document = Document(governance);

        Assert.Equal((person, auto), (Lifecycle.ShareOf(document, Lifecycle.Person), Lifecycle.ShareOf(document, Lifecycle.Auto)));
    }

    [Fact]
    public void WeakestModule_OverSegments_IsTheLeastLikelyToBeBest()
    {
        var slot = Spring.Slots[0];

        Assert.Equal(("h2", new Figure("probabilityBest", 209.0 / 1_010, 209.0 / 1_010, 209.0 / 1_010, 1_010)), WeakestModule.Of(slot, [(10, Chances(0.1, 0.9)), (1_000, Chances(0.8, 0.2))]));
        Assert.Equal(("h1", null), WeakestModule.Of(slot, []));

        static ImmutableArray<ModuleEstimate> Chances(params double[] best) => [.. best.Select(each => new ModuleEstimate(0.1, -2, 0.1, 0.1, 0.5, each))];
    }

    [Fact]
    public void Edit_Pending_IsAPersonsTextThatWaitsAsBefore()
    {
        var proposed = Propose(Request(MessagingState.Empty).State, "Shoes that feel like home").State;

        var step = Lifecycle.Edit(proposed, Spring, "p-1", Text("Shoes like home"), ImmutableSortedDictionary<string, string>.Empty.Add("angle", "benefit"), "shorter", Now);

        Assert.Equal((ProposalStatus.Pending, ProposalWriter.Person, "h3"), (step.Proposal!.Status, step.Proposal.Writer, step.Proposal.Module.Id));
        Assert.Equal(Text("Shoes like home"), step.Proposal.Module.Content);
        var entry = step.State.History[^1];
        Assert.Equal((HistoryKind.Edited, "person", "p-1", "shorter"), (entry.Kind, entry.Actor, entry.Proposal, entry.Comment));
        Assert.Equal(Text("Shoes like home"), entry.Content!.Content);
        Assert.Null(Lifecycle.CheckApproval(step.State, "p-1", Spring));
    }

    [Fact]
    public void Edit_ToWhatAGuardrailBlocks_ChangesNothing()
    {
        var proposed = Propose(Request(MessagingState.Empty).State, "Shoes that feel like home").State;

        var step = Lifecycle.Edit(proposed, Spring, "p-1", Text("Comfort guaranteed"), ImmutableSortedDictionary<string, string>.Empty, null, Now);

        Assert.Equal("content", step.Refusal!.Error!.Field);
        Assert.Contains("guaranteed", step.Refusal.Text);
        Assert.Same(proposed, step.State);
    }

    [Fact]
    public void Edit_Decided_IsAConflict() =>
        Assert.Contains("decided on already", Lifecycle.Edit(Live(), Spring, "p-1", Text("Shoes like home"), ImmutableSortedDictionary<string, string>.Empty, null, Now).Refusal!.Text);

    [Fact]
    public void Undo_Approval_RetiresItAndSaysSo()
    {
        var step = Lifecycle.Undo(Live(), "p-1", null, Now);

        Assert.Equal((ProposalStatus.Retired, HistoryKind.Retired, "the approval was undone"), (step.Proposal!.Status, step.Proposal.Outcome!.Kind, step.Proposal.Outcome.Why));
        Assert.Equal((HistoryKind.Retired, "person", "p-1"), (step.State.History[^1].Kind, step.State.History[^1].Actor, step.State.History[^1].Proposal));
        Assert.Contains("nothing to undo", Lifecycle.Undo(step.State, "p-1", null, Now).Refusal!.Text);
    }

    [Fact]
    public void Undo_Rejection_LetsItWaitAgain()
    {
        var proposed = Propose(Request(MessagingState.Empty).State, "Shoes that feel like home").State;
        var rejected = Lifecycle.Reject(proposed, Spring, "p-1", "no", Now).State;

        var step = Lifecycle.Undo(rejected, "p-1", "after all", Now);

        Assert.Equal((ProposalStatus.Pending, null, null, null), (step.Proposal!.Status, step.Proposal.DecidedAt, step.Proposal.DecidedBy, step.Proposal.Comment));
        Assert.Equal((HistoryKind.Reopened, "after all"), (step.State.History[^1].Kind, step.State.History[^1].Comment));
        Assert.Null(Lifecycle.CheckApproval(step.State, "p-1", Spring));
    }

    [Fact]
    public void Undo_WhatCannotBe_SaysWhy()
    {
        var proposed = Propose(Request(MessagingState.Empty).State, "Shoes that feel like home").State;
        Assert.Contains("not decided on yet", Lifecycle.Undo(proposed, "p-1", null, Now).Refusal!.Text);
        Assert.True(Lifecycle.Undo(proposed, "p-9", null, Now).Refusal!.IsMissing);
        var revised = Lifecycle.Revise(proposed, Spring, "p-1", "warmer", default, Now).State;
        Assert.Contains("written anew", Lifecycle.Undo(revised, "p-1", null, Now).Refusal!.Text);
        var promoted = Lifecycle.EndTrial(Live(), "headline", "h3", TrialVerdict.Promote, new Figure("resonance", 120, 105, 140, 600), Now).State;
        Assert.Contains("trial of p-1 is over", Lifecycle.Undo(promoted, "p-1", null, Now).Refusal!.Text);
    }

    [Theory]
    [InlineData("de")]
    [InlineData("klingon")]
    public void Request_InALanguageThatNobodyWrites_SaysSoAndTakesNothingOfTheDay(string language)
    {
        var document = Document("""{"proposalsPerDay":1}""") with { Brief = new Brief { Language = language } };

        var step = Lifecycle.Request(MessagingState.Empty, document, Trigger.Asked("headline"), "person", default, Now);

        Assert.Equal(("brief.language", $"\"{language}\""), (step.Refusal!.Error!.Field, step.Refusal.Error.Came));
        Assert.Same(MessagingState.Empty, step.State);
        Assert.Null(Lifecycle.Request(step.State, Document("""{"proposalsPerDay":1}"""), Trigger.Asked("headline"), "person", default, Now).Refusal);
    }

    [Fact]
    public void Request_WhereAllProposalsKeptAreUnfinished_IsAConflictUntilOneIsDecided()
    {
        var full = Full();

        Assert.Contains("512 proposals wait", Request(full).Refusal!.Text);
        Assert.Null(Request(Lifecycle.Reject(full, Spring, "p-7", null, Now).State).Refusal);
    }

    [Fact]
    public void Propose_WhereAllProposalsKeptAreUnfinished_DropsNoneAndTellsTheHistory()
    {
        var full = Full() with { Open = Request(MessagingState.Empty).State.Open };

        var step = Propose(full, "Shoes that feel like home");

        Assert.Null(step.Proposal);
        Assert.Equal(full.Proposals, step.State.Proposals);
        Assert.Equal(HistoryKind.Failed, step.State.History[^1].Kind);
        Assert.Contains("512 proposals wait", step.State.History[^1].Comment);
    }

    [Fact]
    public void Take_APersonsTextForAModuleOnTrial_RetiresItsProposal()
    {
        var changed = new HistoryEntry(Now, "person", HistoryKind.Changed) { Number = 1, Slot = "headline", Module = "h3", Version = 2, Content = new Module { Id = "h3", Content = Text("Shoes for you") } };

        var state = Lifecycle.Take(Live(), [changed]);

        var proposal = state.Find("p-1")!;
        Assert.Equal((ProposalStatus.Retired, "a person's document has other content for it"), (proposal.Status, proposal.Outcome!.Why));
        Assert.Equal([(HistoryKind.Changed, "p-1", 2), (HistoryKind.Retired, "p-1", 1)], state.History[^2..].Select(entry => (entry.Kind, entry.Proposal, entry.Version ?? 0)));
        Assert.Equal(state, Lifecycle.Take(state, [changed]));
    }

    [Fact]
    public void Take_OtherAttributesForAModuleOnTrial_LeaveItsProposalLive()
    {
        var live = Live();
        var changed = new HistoryEntry(Now, "person", HistoryKind.Changed) { Number = 1, Slot = "headline", Module = "h3", Version = 1, Content = live.Find("p-1")!.Module };

        Assert.Equal(ProposalStatus.Live, Lifecycle.Take(live, [changed]).Find("p-1")!.Status);
    }

    [Fact]
    public void FreeId_TakenByAnotherModule_IsTheNextAndTellsTheHistory()
    {
        var pending = Propose(Request(MessagingState.Empty).State, "Shoes that feel like home").State;

        var step = Lifecycle.FreeId(pending, "p-1", With("h3", "Made for rain"), Eligibility.All, Now);

        Assert.Equal(("h4", 1), (step.Proposal!.Module.Id, step.Proposal.Revision));
        Assert.Equal((HistoryKind.Edited, "agents", "h4", "h3 is another module of headline now; this one becomes h4"),
            (step.State.History[^1].Kind, step.State.History[^1].Actor, step.State.History[^1].Module, step.State.History[^1].Comment));
        Assert.Null(Lifecycle.CheckApproval(step.State, "p-1", With("h3", "Made for rain")));
    }

    [Fact]
    public void FreeId_OfAStoppedModule_IsTheNextUnlessItIsItsOwn()
    {
        var pending = Propose(Request(MessagingState.Empty).State, "Shoes that feel like home").State;
        Eligibility Stopped(string text) => Eligibility.All with { Stopped = [new StoppedModule("headline", new Module { Id = "h3", Content = Text(text) })] };

        Assert.Equal("h4", Lifecycle.FreeId(pending, "p-1", Spring, Stopped("Made for rain"), Now).Proposal!.Module.Id);
        Assert.Same(pending, Lifecycle.FreeId(pending, "p-1", Spring, Stopped("Shoes that feel like home"), Now).State);
    }

    [Fact]
    public void FreeId_OfItsOwnModuleOrAFreeOne_ChangesNothing()
    {
        var pending = Propose(Request(MessagingState.Empty).State, "Shoes that feel like home").State;

        Assert.Same(pending, Lifecycle.FreeId(pending, "p-1", Spring, Eligibility.All, Now).State);
        Assert.Same(pending, Lifecycle.FreeId(pending, "p-1", With("h3", "Shoes that feel like home"), Eligibility.All, Now).State);
    }

    [Fact]
    public void CheckApproval_OfARevisionThatWasRewritten_IsAConflict()
    {
        var proposed = Propose(Request(MessagingState.Empty).State, "Shoes that feel like home").State;
        var edited = Lifecycle.Edit(proposed, Spring, "p-1", Text("Shoes like home"), ImmutableSortedDictionary<string, string>.Empty, null, Now).State;

        Assert.Equal((1, 2), (proposed.Proposals[0].Revision, edited.Proposals[0].Revision));
        Assert.Null(Lifecycle.CheckApproval(proposed, "p-1", Spring, revision: 1));
        Assert.Contains("revision: came 1; expected 2", Lifecycle.CheckApproval(edited, "p-1", Spring, revision: 1)!.Text);
        Assert.Null(Lifecycle.CheckApproval(edited, "p-1", Spring, revision: 2));
    }

    /// <summary>As many proposals as are kept, all of which wait.</summary>
    private static MessagingState Full()
    {
        var first = Propose(Request(MessagingState.Empty).State, "Shoes that feel like home").State;
        return first with { Proposals = [.. Enumerable.Range(1, MessagingState.MostProposals).Select(i => first.Proposals[0] with { Id = $"p-{i}" })], NextProposal = MessagingState.MostProposals + 1 };
    }

    /// <summary>The campaign with one more headline.</summary>
    private static Campaign With(string id, string text) =>
        Spring with { Slots = [Spring.Slots[0] with { Modules = Spring.Slots[0].Modules.Add(new Module { Id = id, Content = Text(text) }) }, Spring.Slots[1]] };

    private static MessagingState Live() =>
        Lifecycle.Approve(Propose(Request(MessagingState.Empty).State, "Shoes that feel like home").State, "p-1", "auto", null, 1, 0.1, null, Now).State;

    private static Transition Request(MessagingState state) => Lifecycle.Request(state, Spring, Trigger.Asked("headline"), "person", default, Now);

    private static Transition Propose(MessagingState state, params string[] texts) => Lifecycle.Propose(state, Spring, Eligibility.All, Deliver("r-1", texts), Now);

    private static Delivery Deliver(string request, params string[] texts) => new(request, ProposalWriter.Offline, default)
    {
        Drafts = [.. texts.Select(text => Draft(text))],
    };

    private static Draft Draft(string text, params Finding[] findings) => new(Text(text), ImmutableSortedDictionary<string, string>.Empty) { Findings = [.. findings] };

    private static ModuleContent Text(string text) => ModuleContent.From(JsonSerializer.SerializeToElement(new { text }));

    private static Campaign Document(string governance = "{}") => CampaignReader.Read("spring", Encoding.UTF8.GetBytes($$"""
        {
          "brief": { "brand": "Aster", "language": "en", "neverSay": ["guaranteed"] },
          "slots": [ { "id": "headline", "kind": "text", "modules": [ { "id": "h1", "content": { "text": "Run lighter" } }, { "id": "h2", "content": { "text": "What your knees wish you knew" } } ] },
                     { "id": "image", "modules": [ { "id": "i1" } ] } ],
          "governance": {{governance}}
        }
        """), out _)!;
}
