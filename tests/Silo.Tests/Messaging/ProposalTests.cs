using System.Text.Json.Nodes;

namespace Flywheel.Silo.Tests.Messaging;

public sealed class ProposalTests(Engine engine) : EngineTest(engine)
{
    [Fact]
    public async Task Approve_WhatWasAskedFor_IsServedWithinItsShareAndTheHistoryTellsIt()
    {
        await PutAsync(Document());
        var request = (await Api.PostAsync($"{Path}/slots/headline/refresh", "")).Expect(202).Json["request"]!.GetValue<string>();
        var proposal = await ProposedAsync();
        Assert.Equal(("pending", "offline", "h3"), (Text(proposal, "status"), Text(proposal, "writer"), Text(proposal["module"]!, "id")));

        var live = (await Api.PostAsync($"{Path}/proposals/p-1/approve", """{"comment":"good"}""")).Expect(200).Json;

        Assert.Equal(("live", "person", "good"), (Text(live, "status"), Text(live, "decidedBy"), Text(live, "comment")));
        var served = (await Api.DecideManyAsync(Campaign, 4_000)).Count(decision => decision.Variant["headline"].Module == "h3");
        // A share of 0.1 is 400 of 4,000 with a standard error of 19; 514 is six of them above.
        Assert.InRange(served, 1, 514);
        var entries = await HistoryAsync();
        Assert.Equal(["approved", "passedOver", "passedOver", "proposed", "requested", "created"], entries.Select(entry => Text(entry!, "kind")));
        Assert.Equal((0.1, request), (entries[0]!["share"]!.GetValue<double>(), Text(entries[4]!, "request")));
        (await Api.PostAsync($"{Path}/proposals/p-1/reject", "")).ExpectProblem(409);
    }

    [Fact]
    public async Task Approve_InAFullSlot_RetiresTheWeakestAndSaysOnWhichFigure()
    {
        await PutAsync(Document(more: ""","maxModulesPerSlot":2"""));
        await LearnAsync(1_000, decision => decision.Variant["headline"].Module == "h1" && decision.DecisionId[^1] % 3 == 0);
        await RefreshAsync();
        await ProposedAsync();

        (await Api.PostAsync($"{Path}/proposals/p-1/approve", "")).Expect(200);

        Assert.Equal(["h1", "h3"], (await Api.ScoresAsync(Campaign)).Segments[0].Slots[0].Modules.Select(module => module.Id).Order());
        var retired = (await HistoryAsync())[0]!;
        Assert.Equal(("retired", "h2", "made room for h3"), (Text(retired, "kind"), Text(retired, "module"), Text(retired, "comment")));
        Assert.InRange(retired["evidence"]!["probabilityBest"]!.GetValue<double>(), 0, 0.5);
        Assert.Equal(1_000, retired["evidence"]!["probabilityBestN"]!.GetValue<long>());
    }

    [Fact]
    public async Task Reject_Pending_IsListedAsSuchAndServedByNobody()
    {
        await PutAsync(Document());
        await RefreshAsync();
        await ProposedAsync();

        (await Api.PostAsync($"{Path}/proposals/p-1/reject", "")).Expect(200);

        (await Api.PostAsync($"{Path}/proposals/p-1/approve", "")).ExpectProblem(409);
        Assert.Single((await Api.GetAsync($"{Path}/proposals?status=rejected")).Expect(200).Json["proposals"]!.AsArray());
        Assert.Empty((await Api.GetAsync($"{Path}/proposals?status=pending")).Expect(200).Json["proposals"]!.AsArray());
        Assert.DoesNotContain(await Api.DecideManyAsync(Campaign, 500), decision => decision.Variant["headline"].Module == "h3");
    }

    [Fact]
    public async Task Revise_Pending_BringsAnotherProposal()
    {
        await PutAsync(Document());
        await RefreshAsync();
        await ProposedAsync();

        Assert.Equal("r-2", Text((await Api.PostAsync($"{Path}/proposals/p-1/revise", """{"comment":"shorter"}""")).Expect(200).Json, "request"));

        var second = await ProposedAsync(2);
        Assert.Equal(("p-2", "pending"), (Text(second, "id"), Text(second, "status")));
    }

    [Fact]
    public async Task Refresh_ModeAuto_GoesLiveByItself()
    {
        await PutAsync(Document("auto"));
        await RefreshAsync();

        var live = await ProposedAsync(1, proposal => Text(proposal, "status") == "live");

        Assert.Equal("auto", Text(live, "decidedBy"));
    }

    [Fact]
    public async Task Refresh_ModeOffOrAgentsStopped_IsAConflictThatSaysWhy()
    {
        await PutAsync(Document("off"));
        Assert.Contains("governance.mode is off", Text((await Api.PostAsync($"{Path}/slots/headline/refresh", "")).ExpectProblem(409), "detail"));
        await PutAsync(Document());
        (await Api.PostAsync($"{Path}/agents/stop", "")).Expect(200);

        Assert.Contains("stopped", Text((await Api.PostAsync($"{Path}/slots/headline/refresh", "")).ExpectProblem(409), "detail"));

        (await Api.PostAsync($"{Path}/agents/resume", "")).Expect(200);
        await RefreshAsync();
    }

    [Fact]
    public async Task Refresh_InALanguageThatNobodyWrites_SaysSoAndTakesNothingOfTheDay()
    {
        await PutAsync(Document(more: ""","proposalsPerDay":1""").Replace("\"language\": \"en\"", "\"language\": \"de\"", StringComparison.Ordinal));
        (await Api.PostAsync($"{Path}/slots/headline/refresh", "")).ExpectFieldError("brief.language", 422);
        (await Api.PostAsync($"{Path}/slots/headline/refresh", "")).ExpectFieldError("brief.language", 422);
        await PutAsync(Document(more: ""","proposalsPerDay":1"""));

        await RefreshAsync();

        Assert.Equal(["replaced", "created"], (await HistoryAsync()).Select(entry => Text(entry!, "kind")).Where(kind => kind is "failed" or "replaced" or "created"));
    }

    [Fact]
    public async Task Modules_OnTrialWhereTheControlGroupGivesMore_StateTheRealShare()
    {
        await PutAsync(Document(more: "")[..^2] + """, "policy": { "control": 0.6 } }""");
        await RefreshAsync();
        await ProposedAsync();

        var live = (await Api.PostAsync($"{Path}/proposals/p-1/approve", "")).Expect(200).Json;

        var module = (await Api.GetAsync($"{Path}/modules")).Expect(200).Json["modules"]!.AsArray().Single(each => Text(each!, "id") == "h3")!;
        Assert.Equal((0.2, 0.2), (Math.Round(live["share"]!.GetValue<double>(), 9), Math.Round(module["trialShare"]!.GetValue<double>(), 9)));
    }

    [Fact]
    public async Task Requests_ThatCannotBe_SayWhatWouldBeRight()
    {
        await PutAsync(Document());
        (await Api.PostAsync($"{Path}/slots/sound/refresh", "")).ExpectProblem(404);
        (await Api.PostAsync("/v1/campaigns/nobody/slots/headline/refresh", "")).ExpectProblem(404);
        (await Api.PostAsync($"{Path}/proposals/p-9/approve", "")).ExpectProblem(404);
        (await Api.GetAsync("/v1/campaigns/nobody/proposals")).ExpectProblem(404);
        (await Api.GetAsync("/v1/campaigns/nobody/history")).ExpectProblem(404);
        (await Api.GetAsync($"{Path}/proposals?status=good")).ExpectFieldError("status");
        (await Api.GetAsync($"{Path}/history?limit=0")).ExpectFieldError("limit");
        (await Api.PostAsync($"{Path}/proposals/p-1/approve", $$"""{"comment":"{{new string('x', 1_001)}}"}""")).ExpectFieldError("comment");
        (await Api.PostAsync($"{Path}/proposals/p-1/approve", """{"comment":5}""")).ExpectFieldError("comment");
        (await Api.PostAsync($"{Path}/proposals/p-1/approve", "{")).ExpectProblem(400);
    }

    private static string Document(string mode = "approve", string more = "") => $$"""
        {
          "brief": { "brand": "Aster", "language": "en", "claims": ["free returns for 30 days"] },
          "slots": [ { "id": "headline", "kind": "text", "maxLength": 90,
                       "modules": [ { "id": "h1", "content": { "text": "Run lighter" } }, { "id": "h2", "content": { "text": "What your knees wish you knew" } } ] } ],
          "governance": { "mode": "{{mode}}", "challengerShare": 0.1{{more}} }
        }
        """;

    private static string Text(JsonNode node, string member) => node[member]!.GetValue<string>();

    private async Task RefreshAsync() => (await Api.PostAsync($"{Path}/slots/headline/refresh", "")).Expect(202);

    private async Task<JsonArray> HistoryAsync() => (await Api.GetAsync($"{Path}/history")).Expect(200).Json["entries"]!.AsArray();

    /// <summary>The last of so many proposals, once it is there.</summary>
    private async Task<JsonNode> ProposedAsync(int many = 1, Func<JsonNode, bool>? condition = null)
    {
        var proposals = await Eventually.ReadsAsync(
            async () => (await Api.GetAsync($"{Path}/proposals")).Expect(200).Json["proposals"]!.AsArray(),
            proposals => proposals.Count == many && condition?.Invoke(proposals[^1]!) != false,
            $"{many} proposals", proposals => proposals.ToJsonString());
        return proposals[^1]!;
    }
}
