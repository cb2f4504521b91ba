using System.Collections.Immutable;
using System.Text.Json;
using Flywheel.Abstractions.Messaging;
using Flywheel.Abstractions.Replicas;
using Flywheel.Agents.Reviewing;
using Flywheel.Agents.Writing;
using Flywheel.Domain.Governance;
using Flywheel.Domain.Governance.Proposals;
using Flywheel.Domain.Messaging.Budgets;
using Flywheel.Domain.Messaging.Triggers;
using Flywheel.Grains.Agents;
using Flywheel.Grains.Messaging;
using Flywheel.Signals.Sqlite;

namespace Flywheel.Grains.Tests.Messaging;

public sealed class MessagingGrainTests : IAsyncLifetime
{
    private TestEngine _engine = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IMessagingGrain Spring => _engine.Messaging("spring");

    public async ValueTask InitializeAsync() => _engine = await TestEngine.StartAsync();

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task Approve_AfterARestart_ServesTheModuleOnTrialAndStaysDecided()
    {
        await _engine.PublishAsync("spring", Documents.Spring());
        await ProposeAsync();
        _engine = await _engine.RestartAsync();

        var approved = await Spring.ApproveAsync("p-1", null, "good", Cancel);

        Assert.Equal((ProposalStatus.Live, 1), (approved.Proposal!.Status, approved.Proposal.Version));
        var published = (await _engine.Campaign("spring").DescribeAsync(Cancel))!.Published;
        Assert.Equal(["h1", "h2", "h3"], published.Campaign.Slots[0].Modules.Select(module => module.Id));
        Assert.Equal(0.1, published.Eligibility!.MaxShareOf("headline", "h3"));
        _engine = await _engine.RestartAsync();
        Assert.Contains("decided on already", (await Spring.ApproveAsync("p-1", null, null, Cancel)).Refusal!.Text);
        Assert.Equal([HistoryKind.Approved, HistoryKind.Proposed, HistoryKind.Requested, HistoryKind.Created], await KindsAsync());
    }

    [Fact]
    public async Task Propose_ThenApprove_IsToldToTheReplicaAndNotedForSilosThatStart()
    {
        await _engine.PublishAsync("spring", Documents.Spring());
        await ProposeAsync();
        await StandsAsync(standing => standing is { Pending: 1, AgentsStopped: false });
        Assert.Equal(1, Assert.Single(await NotedAsync()).Pending);

        _engine = await _engine.RestartAsync();
        var noted = Assert.Single(await NotedAsync());
        Assert.Equal(("spring", 1), (noted.Campaign, noted.Pending));

        await Spring.ApproveAsync("p-1", null, null, Cancel);
        Assert.Empty(await NotedAsync());
        await Spring.SwitchAsync(true, Cancel);
        Assert.Equal((0, true), (Assert.Single(await NotedAsync()).Pending, (await NotedAsync())[0].AgentsStopped));

        await _engine.Campaign("spring").DeleteAsync(Cancel);
        Assert.Empty(await NotedAsync());
    }

    [Fact]
    public async Task Approve_WhoseIdADocumentTook_ServesItUnderTheNext()
    {
        await _engine.PublishAsync("spring", Documents.Spring());
        var proposal = await ProposeAsync();
        await _engine.PublishAsync("spring", WithModule(proposal.Module.Id, "Soft as moss"));

        var approved = await Spring.ApproveAsync("p-1", 1, null, Cancel);

        Assert.Equal((ProposalStatus.Live, "h4"), (approved.Proposal!.Status, approved.Proposal.Module.Id));
        var published = (await _engine.Campaign("spring").DescribeAsync(Cancel))!.Published;
        Assert.Equal(["h1", "h2", "h3", "h4"], published.Campaign.Slots[0].Modules.Select(module => module.Id));
        Assert.Equal((1, 0.1), (published.Eligibility!.MaxShareOf("headline", "h3"), published.Eligibility.MaxShareOf("headline", "h4")));
        Assert.Equal([HistoryKind.Approved, HistoryKind.Edited, HistoryKind.Added, HistoryKind.Replaced, HistoryKind.Proposed], (await KindsAsync())[..5]);
    }

    [Fact]
    public async Task Publish_OtherTextForAModuleOnTrial_EndsItsTrialAndItsProposal()
    {
        await _engine.PublishAsync("spring", Documents.Spring());
        await ProposeAsync();
        await Spring.ApproveAsync("p-1", null, null, Cancel);

        await _engine.PublishAsync("spring", WithModule("h3", "Soft as moss"));

        Assert.Equal(ProposalStatus.Retired, (await Spring.ListAsync(Cancel))!.Proposals[0].Status);
        Assert.Equal([HistoryKind.Retired, HistoryKind.Changed, HistoryKind.Replaced, HistoryKind.Approved], (await KindsAsync())[..4]);
        Assert.Null((await _engine.Campaign("spring").DescribeAsync(Cancel))!.Published.Eligibility);
    }

    [Fact]
    public async Task Approve_RewrittenMeanwhile_ServesNothing()
    {
        await _engine.PublishAsync("spring", Documents.Spring());
        var proposal = await ProposeAsync();
        await Spring.EditAsync(new EditMessage("p-1", Domain.Campaigns.ModuleContent.From(JsonSerializer.SerializeToElement(new { text = "Soft as moss" })), proposal.Module.Attributes, null), Cancel);

        Assert.Contains("revision: came 1; expected 2", (await Spring.ApproveAsync("p-1", proposal.Revision, null, Cancel)).Refusal!.Text);
        Assert.Equal(2, (await _engine.Campaign("spring").DescribeAsync(Cancel))!.Published.Campaign.Slots[0].Modules.Length);
        Assert.Equal(ProposalStatus.Live, (await Spring.ApproveAsync("p-1", 2, null, Cancel)).Proposal!.Status);
    }

    [Fact]
    public async Task Approve_WhereTheControlGroupGivesMoreThanTheDefaultShare_StatesTheRealShare()
    {
        await _engine.PublishAsync("spring", Documents.Spring(control: 0.6));
        await ProposeAsync();

        var approved = await Spring.ApproveAsync("p-1", null, null, Cancel);

        Assert.Equal(0.2, approved.Proposal!.Share!.Value, 1e-9);
        Assert.Equal(0.2, (await Spring.ReadHistoryAsync(long.MaxValue, 1, Cancel))!.Entries[0].Share!.Value, 1e-9);
    }

    [Fact]
    public async Task Undo_OfAnApproval_TakesTheModuleOutEverywhere()
    {
        await _engine.PublishAsync("spring", Documents.Spring());
        await ProposeAsync();
        await Spring.ApproveAsync("p-1", null, null, Cancel);

        var undone = await Spring.UndoAsync("p-1", "too soon", Cancel);

        Assert.Equal(ProposalStatus.Retired, undone.Proposal!.Status);
        var published = (await _engine.Campaign("spring").DescribeAsync(Cancel))!.Published;
        Assert.Equal(["h1", "h2"], published.Campaign.Slots[0].Modules.Select(module => module.Id));
        Assert.Null(published.Eligibility);
        Assert.Equal(HistoryKind.Retired, (await KindsAsync())[0]);
    }

    [Fact]
    public async Task Approve_SlotThatIsFull_LeavesThePinnedModule()
    {
        await _engine.PublishAsync("spring", WithGovernance("""{"maxModulesPerSlot":2,"challengerShare":0.2}"""));
        await _engine.Campaign("spring").AmendAsync(new(new(Domain.Governance.AmendmentKind.Pin, "headline", "h1")), Cancel);
        await ProposeAsync();

        await Spring.ApproveAsync("p-1", null, null, Cancel);

        var published = (await _engine.Campaign("spring").DescribeAsync(Cancel))!.Published;
        Assert.Equal(["h1", "h3"], published.Campaign.Slots[0].Modules.Select(module => module.Id));
        Assert.Equal((1, 0), (published.Eligibility!.MaxShareOf("headline", "h1"), published.Eligibility.MaxShareOf("headline", "h3")));
    }

    [Fact]
    public async Task Note_OfAnOlderStanding_ChangesNothing()
    {
        var awaiting = _engine.Cluster.Client.GetGrain<IAwaitingGrain>(0);
        await awaiting.NoteAsync(new MessagingStandingMessage("autumn", 1, 5, 2, false), Cancel);

        await awaiting.NoteAsync(new MessagingStandingMessage("autumn", 1, 4, 0, false), Cancel);
        Assert.Equal(2, Assert.Single(await awaiting.ListAsync(Cancel)).Pending);

        await awaiting.NoteAsync(new MessagingStandingMessage("autumn", 2, 1, 0, false), Cancel);
        Assert.Empty(await awaiting.ListAsync(Cancel));
    }

    [Fact]
    public async Task Approve_CutOffBetweenItsTwoWrites_FinishesWhenAskedAgain()
    {
        var document = Documents.Spring();
        await _engine.PublishAsync("spring", document);
        var proposal = await ProposeAsync();
        await _engine.Campaign("spring").AmendAsync(new(new(Domain.Governance.AmendmentKind.Add, "headline", proposal.Module.Id) { Module = proposal.Module, MaxShare = 0.1 }), Cancel);

        Assert.Contains("cut off", (await Spring.RejectAsync("p-1", null, Cancel)).Refusal!.Text);
        Assert.Equal(ProposalStatus.Live, (await Spring.ApproveAsync("p-1", null, null, Cancel)).Proposal!.Status);
    }

    [Fact]
    public async Task Approve_SlotThatIsFull_RetiresOneModule()
    {
        await _engine.PublishAsync("spring", WithGovernance("""{"maxModulesPerSlot":2,"challengerShare":0.2}"""));
        await ProposeAsync();

        await Spring.ApproveAsync("p-1", null, null, Cancel);

        var published = (await _engine.Campaign("spring").DescribeAsync(Cancel))!.Published;
        Assert.Equal(["h2", "h3"], published.Campaign.Slots[0].Modules.Select(module => module.Id));
        Assert.Equal(HistoryKind.Retired, (await KindsAsync())[0]);
    }

    [Fact]
    public async Task Request_WhoseWriterDiesWithItsSilo_IsAskedForOnceMore()
    {
        await _engine.PublishAsync("spring", Documents.Spring());
        _engine.Writer.Hangs = true;
        await RequestAsync();
        await _engine.Writer.Asked.Guarded();

        _engine = await _engine.RestartAsync();
        await ProposedAsync();

        Assert.Equal(1, _engine.Writer.Calls);
    }

    [Fact]
    public async Task Wake_RequestLostWithItsSilo_IsAskedForOnceMoreByNobodyElse()
    {
        await _engine.PublishAsync("spring", Documents.Spring());
        Assert.Empty(await OpenAsync());
        _engine.Writer.Hangs = true;
        await RequestAsync();
        await _engine.Writer.Asked.Guarded();
        _engine = await _engine.RestartAsync();
        Assert.Equal(["spring"], await OpenAsync());

        await Spring.WakeAsync(Cancel);

        await _engine.Writer.Asked.Guarded();
        await ProposedAsync();
        await Spring.WakeAsync(Cancel);
        Assert.Empty(await OpenAsync());
    }

    [Fact]
    public async Task Request_InALanguageThatNobodyWrites_IsRefusedWithoutAskingAWriter()
    {
        await _engine.PublishAsync("spring", Documents.Spring().TrimEnd()[..^1] + ",\"brief\":{\"language\":\"de\"}}");

        var refused = await Spring.RequestAsync(new RequestMessage(Trigger.Asked("headline"), "person"), Cancel);

        Assert.Equal("brief.language", refused.Refusal!.Error!.Field);
        Assert.Equal([HistoryKind.Created], await KindsAsync());
        Assert.Equal(0, _engine.Writer.Calls);
    }

    /// <summary>As where a document changes the language before a request that was lost is asked for again.</summary>
    [Fact]
    public async Task Write_InALanguageThatNobodyWrites_FailsAndSaysSoWithoutAskingAWriter()
    {
        var published = (await _engine.PublishAsync("spring", Documents.Spring())).Current!.Published;
        _engine.Writer.Hangs = true;
        await RequestAsync();
        await _engine.Writer.Asked.Guarded();
        var request = new OpenRequest("r-1", "person", Trigger.Asked("headline"), new BudgetVerdict(BudgetDecision.Granted, 0, default, null), _engine.Clock.GetUtcNow());

        await _engine.Cluster.Client.GetGrain<ICopywriterGrain>("spring").WriteAsync(
            new WritingOrderMessage(published.Incarnation, request, published.Campaign.Slots[0], new Domain.Campaigns.Brief { Language = "de" }, []), Cancel);

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while ((await KindsAsync())[0] != HistoryKind.Failed)
            await Task.Delay(20, limit.Token);
        Assert.Contains("\"de\"; messages are written in fr and en", (await Spring.ReadHistoryAsync(long.MaxValue, 1, Cancel))!.Entries[0].Comment);
        Assert.Equal(1, _engine.Writer.Calls);
    }

    [Fact]
    public async Task Request_WhoseReviewerDiesWithItsSilo_IsWrittenAndReviewedOnceMore()
    {
        await _engine.PublishAsync("spring", Documents.Spring());
        _engine.Reviewer.Hangs = true;
        await RequestAsync();
        Assert.Equal("headline", (await _engine.Reviewer.Asked.Guarded()).Slot.Id);
        Assert.Empty((await Spring.ListAsync(Cancel))!.Proposals);

        _engine = await _engine.RestartAsync();
        await ProposedAsync();

        Assert.Equal((1, 1), (_engine.Writer.Calls, _engine.Reviewer.Calls));
        Assert.Single((await Spring.ListAsync(Cancel))!.Proposals);
        Assert.Equal([HistoryKind.Proposed, HistoryKind.Requested, HistoryKind.Created], await KindsAsync());
    }

    [Fact]
    public async Task Request_WhoseReviewIsLostTwice_IsGivenUpAndSaidSo()
    {
        await _engine.PublishAsync("spring", Documents.Spring());
        for (var attempt = 1; attempt <= 2; attempt++)
        {
            _engine.Reviewer.Hangs = true;
            if (attempt == 1)
                await RequestAsync();
            else
                await Spring.ListAsync(Cancel);
            await _engine.Reviewer.Asked.Guarded();
            _engine = await _engine.RestartAsync();
        }

        while (!(await KindsAsync()).Contains(HistoryKind.Failed))
            await Task.Delay(20, Cancel);

        Assert.Equal((0, 0), (_engine.Writer.Calls, _engine.Reviewer.Calls));
    }

    [Fact]
    public async Task Deliver_WhatTheReviewerFound_IsKeptWithTheProposalAndWaitsForAPerson()
    {
        await _engine.PublishAsync("spring", WithGovernance("""{"mode":"auto"}"""));
        _engine.Reviewer.Findings = [new ReviewFinding("reviewer-tone", "warning", "It is cold.")];

        var proposal = await ProposeAsync();

        Assert.Equal((ProposalStatus.Pending, ProposalWriter.Model), (proposal.Status, proposal.Writer));
        Assert.Contains(new Finding("reviewer-tone", FindingSeverity.Warning, "It is cold."), proposal.Findings);
        // Written: 110 tokens; reviewed: 55.
        Assert.Equal(165, _engine.Meter.Tokens);
        Assert.Empty(_engine.Meter.ModelFailures);
    }

    [Fact]
    public async Task Deliver_WhatTheReviewerBlocks_IsBlocked()
    {
        await _engine.PublishAsync("spring", Documents.Spring());
        _engine.Reviewer.Findings = [new ReviewFinding("reviewer-claims", "block", "Nothing backs it.")];

        Assert.Equal(ProposalStatus.Blocked, (await ProposeAsync()).Status);
    }

    [Fact]
    public async Task Deliver_WithoutAReview_WaitsForAPersonAlsoWhereTheEngineMayDecide()
    {
        await _engine.PublishAsync("spring", WithGovernance("""{"mode":"auto"}"""));
        _engine.Reviewer.Failure = new WritingFailure(FailureKind.Timeout, "no answer within 00:01:00");

        var proposal = await ProposeAsync();

        Assert.Equal(ProposalStatus.Pending, proposal.Status);
        Assert.Contains(new Finding("reviewer-missing", FindingSeverity.Warning, "not reviewed: no answer within 00:01:00"), proposal.Findings);
        Assert.Equal([("review", FailureKind.Timeout)], _engine.Meter.ModelFailures);
        Assert.Equal(ProposalStatus.Live, (await Spring.ApproveAsync("p-1", null, null, Cancel)).Proposal!.Status);
    }

    [Fact]
    public async Task Request_LostTwice_IsGivenUpAndSaidSo()
    {
        await _engine.PublishAsync("spring", Documents.Spring());
        for (var attempt = 1; attempt <= 2; attempt++)
        {
            _engine.Writer.Hangs = true;
            if (attempt == 1)
                await RequestAsync();
            else
                await Spring.ListAsync(Cancel);
            await _engine.Writer.Asked.Guarded();
            _engine = await _engine.RestartAsync();
        }

        while (!(await KindsAsync()).Contains(HistoryKind.Failed))
            await Task.Delay(20, Cancel);

        // By itself: nobody wakes it here.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while ((await OpenAsync()).Count > 0)
            await Task.Delay(20, limit.Token);
        Assert.Equal(0, _engine.Writer.Calls);
        Assert.Empty((await Spring.ListAsync(Cancel))!.Proposals);
    }

    [Fact]
    public async Task Write_AnOrderThatWaitedForSoLongThatItIsAskedForAgain_IsLeft()
    {
        var published = (await _engine.PublishAsync("spring", Documents.Spring())).Current!.Published;
        var granted = new BudgetVerdict(BudgetDecision.Granted, 0, default, null);
        var old = new OpenRequest("r-9", "person", Trigger.Asked("headline"), granted, _engine.Clock.GetUtcNow() - MessagingGrain.Patience - TimeSpan.FromSeconds(1));
        Assert.True(await _engine.Cluster.Client.GetGrain<ICopywriterGrain>("spring").WriteAsync(
            new WritingOrderMessage(published.Incarnation, old, published.Campaign.Slots[0], null, []), Cancel));

        await ProposeAsync();

        Assert.Equal(1, _engine.Writer.Calls);
    }

    [Fact]
    public async Task Write_MoreOrdersThanMayWait_AreRefused()
    {
        var published = (await _engine.PublishAsync("spring", Documents.Spring())).Current!.Published;
        _engine.Writer.Hangs = true;
        var request = new OpenRequest("r-9", "person", Trigger.Asked("headline"), new BudgetVerdict(BudgetDecision.Granted, 0, default, null), _engine.Clock.GetUtcNow());
        var order = new WritingOrderMessage(published.Incarnation, request, published.Campaign.Slots[0], null, []);
        var copywriter = _engine.Cluster.Client.GetGrain<ICopywriterGrain>("spring");

        var taken = 0;
        while (await copywriter.WriteAsync(order, Cancel))
            Assert.InRange(++taken, 1, WritingDesk.MostWaiting + WritingDesk.MostWorking);

        Assert.InRange(taken, WritingDesk.MostWaiting, WritingDesk.MostWaiting + WritingDesk.MostWorking);
    }

    [Fact]
    public async Task Deliver_WithBlockedDraft_KeepsItWithItsFindings()
    {
        await _engine.PublishAsync("spring", Documents.Spring());
        _engine.Writer.Texts = ["Run <b>lighter</b> than ever"];
        await RequestAsync();

        var blocked = await ProposedAsync();

        Assert.Equal(ProposalStatus.Blocked, blocked.Status);
        Assert.NotEmpty(blocked.Findings);
        Assert.Contains("blocked", (await Spring.ApproveAsync("p-1", null, null, Cancel)).Refusal!.Text);
    }

    [Fact]
    public async Task Deliver_WhereTheEngineMayDecide_GoesLiveByItself()
    {
        await _engine.PublishAsync("spring", WithGovernance("""{"mode":"auto"}"""));
        await RequestAsync();

        var live = await ProposedAsync(proposal => proposal.Status == ProposalStatus.Live);

        Assert.Equal(("auto", ProposalWriter.Model), (live.DecidedBy, live.Writer));
    }

    [Fact]
    public async Task Deliver_WhereTheEngineMayDecideWithinLimits_KeepsToThem()
    {
        await _engine.PublishAsync("spring", WithGovernance("""{"mode":"auto","challengerShare":0.2,"auto":{"slots":["image"],"share":0.05}}"""));
        await RequestAsync();
        Assert.Equal(ProposalStatus.Pending, (await ProposedAsync()).Status);
        await _engine.PublishAsync("spring", WithGovernance("""{"mode":"auto","challengerShare":0.2,"auto":{"slots":["headline"],"share":0.05}}"""));
        _engine.Writer.Texts = ["Kind to every step you take"];
        await Spring.RequestAsync(new RequestMessage(Trigger.Asked("headline"), "person"), Cancel);

        await ProposalsAsync(proposals => proposals is [_, { Status: ProposalStatus.Live }]);

        Assert.Equal(0.05, (await _engine.Campaign("spring").DescribeAsync(Cancel))!.Published.Eligibility!.MaxShareOf("headline", "h4"));
    }

    [Fact]
    public async Task Delete_Campaign_ForgetsItAll()
    {
        await _engine.PublishAsync("spring", Documents.Spring());
        await ProposeAsync();

        await _engine.Campaign("spring").DeleteAsync(Cancel).Guarded();

        Assert.Null(await Spring.ListAsync(Cancel));
        Assert.True((await Spring.ApproveAsync("p-1", null, null, Cancel)).IsUnknown);
        await _engine.PublishAsync("spring", Documents.Spring());
        Assert.Empty((await Spring.ListAsync(Cancel))!.Proposals);
        Assert.Equal([HistoryKind.Created], await KindsAsync());
    }

    /// <summary>As if the silo had died before it told the history: what was done is stored with its entry, and whoever reads finds it.</summary>
    [Fact]
    public async Task History_OfChangesThatNobodyTold_HasThemOnceRead()
    {
        await _engine.PublishAsync("spring", Documents.Spring());
        await ProposeAsync();
        await Spring.ApproveAsync("p-1", null, null, Cancel);
        await _engine.Campaign("spring").SetStatusAsync(Domain.Campaigns.CampaignStatus.Paused, Cancel);
        await _engine.PublishAsync("spring", Documents.Spring());
        await Spring.ListAsync(Cancel);
        var (told, stored) = (await _engine.Campaign("spring").ReportAsync(0, 0, Cancel), _engine.StoredOf("flywheel.messaging/spring"));
        _engine = await _engine.RestartAsync();
        await _engine.Database.WriteAsync(connection => connection.Execute("UPDATE grains SET state = @0 WHERE id = 'flywheel.messaging/spring'", Untell(stored)), Cancel);

        Assert.Equal([2, 3, 4], told!.Untold.Select(entry => entry.Number));
        Assert.Equal(
            [HistoryKind.Retired, HistoryKind.Replaced, HistoryKind.Status, HistoryKind.Approved, HistoryKind.Proposed, HistoryKind.Requested, HistoryKind.Created], await KindsAsync());
        Assert.Equal(ProposalStatus.Retired, (await Spring.ListAsync(Cancel))!.Proposals[0].Status);

        // As it was stored right after the approval.
        static string Untell(string json)
        {
            var state = JsonSerializer.Deserialize<MessagingState>(json)!;
            return JsonSerializer.Serialize(state with
            {
                Told = 1,
                History = [.. state.History.Where(entry => entry.Kind is not (HistoryKind.Status or HistoryKind.Replaced or HistoryKind.Retired))],
                Proposals = [state.Proposals[0] with { Status = ProposalStatus.Live, Outcome = null }],
            });
        }
    }

    [Fact]
    public async Task Publish_WithoutALiveModule_EndsItsProposalAndWithAPersonsOwnSaysSo()
    {
        await _engine.PublishAsync("spring", Documents.Spring());
        await ProposeAsync();
        await Spring.ApproveAsync("p-1", null, null, Cancel);

        await _engine.PublishAsync("spring", Documents.Spring().Replace("""{ "id": "h2",""", """{ "id": "own", "content": { "text": "Made by hand" } }, { "id": "h2","""));

        Assert.Equal((ProposalStatus.Retired, HistoryKind.Retired), ((await Spring.ListAsync(Cancel))!.Proposals[0].Status, (await Spring.ListAsync(Cancel))!.Proposals[0].Outcome!.Kind));
        var entries = (await Spring.ReadHistoryAsync(long.MaxValue, 3, Cancel))!.Entries;
        Assert.Equal(
            [(HistoryKind.Retired, "h3", "p-1", ProposalWriter.Model), (HistoryKind.Added, "own", null, ProposalWriter.Person), (HistoryKind.Replaced, null, null, null)],
            entries.Select(entry => (entry.Kind, entry.Module, entry.Proposal, entry.Writer)));
        Assert.Contains("decided on already: it is retired", (await Spring.ApproveAsync("p-1", null, null, Cancel)).Refusal!.Text);
    }

    [Fact]
    public async Task History_LongerThanAPage_IsReadWholeAndInPieces()
    {
        await _engine.PublishAsync("spring", Documents.Spring());
        for (var i = 0; i < 150; i++)
            await Spring.SwitchAsync(i % 2 == 0, Cancel);
        _engine = await _engine.RestartAsync();

        var all = (await Spring.ReadHistoryAsync(long.MaxValue, 1_000, Cancel))!.Entries;

        Assert.Equal(Enumerable.Range(0, 151).Reverse().Select(i => (long)i), all.Select(entry => entry.Number));
        Assert.Equal([129, 128, 127, 126], (await Spring.ReadHistoryAsync(130, 4, Cancel))!.Entries.Select(entry => entry.Number));
        Assert.Equal([1, 0], (await Spring.ReadHistoryAsync(2, 10, Cancel))!.Entries.Select(entry => entry.Number));
        Assert.Equal(HistoryKind.Created, all[^1].Kind);
    }

    /// <summary>The campaign with one more headline.</summary>
    private static string WithModule(string id, string text) => Documents.Spring().Replace(
        """ "content": { "text": "Run further" } }""", $$""" "content": { "text": "Run further" } }, { "id": "{{id}}", "content": { "text": "{{text}}" } }""", StringComparison.Ordinal);

    private static string WithGovernance(string governance) => Documents.Spring().TrimEnd()[..^1] + $",\"governance\":{governance}}}";

    private Task<IReadOnlyList<string>> OpenAsync() => _engine.Cluster.Client.GetGrain<IOpenRequestsGrain>(0).ListAsync(Cancel);

    private async Task<IReadOnlyList<MessagingStandingMessage>> NotedAsync() =>
        await _engine.Cluster.Client.GetGrain<IAwaitingGrain>(AwaitingParts.Of("spring")).ListAsync(Cancel);

    /// <summary>Waits until the replica knows how messaging stands.</summary>
    private async Task StandsAsync(Func<MessagingStandingMessage, bool> condition)
    {
        while (true)
        {
            var campaign = _engine.Replica().Find("spring")!;
            var changed = campaign.Changes.NextAsync();
            if (campaign.Messaging.Current is { } standing && condition(standing))
                return;
            await changed.Guarded();
        }
    }

    private async Task RequestAsync() =>
        Assert.Equal("r-1", (await Spring.RequestAsync(new RequestMessage(Trigger.Asked("headline"), "person"), Cancel)).Request);

    private async Task<Proposal> ProposeAsync()
    {
        await RequestAsync();
        return await ProposedAsync();
    }

    /// <summary>The first proposal, once it is there.</summary>
    private async Task<Proposal> ProposedAsync(Func<Proposal, bool>? condition = null) =>
        (await ProposalsAsync(proposals => proposals is [var first, ..] && condition?.Invoke(first) != false))[0];

    private async Task<ImmutableArray<Proposal>> ProposalsAsync(Func<ImmutableArray<Proposal>, bool> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            var proposals = (await Spring.ListAsync(Cancel))!.Proposals;
            if (condition(proposals))
                return proposals;
            await Task.Delay(20, limit.Token);
        }
    }

    private async Task<HistoryKind[]> KindsAsync() => [.. (await Spring.ReadHistoryAsync(long.MaxValue, 1_000, Cancel))!.Entries.Select(entry => entry.Kind)];
}
