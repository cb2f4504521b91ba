using System.Text.Json.Nodes;

namespace Flywheel.Silo.Tests.Overview;

public sealed class OverviewTests(Engine engine) : EngineTest(engine)
{
    [Fact]
    public async Task Overview_OfACampaign_SaysWhatTheOtherAnswersSay()
    {
        await PutAsync(Wire.Spring);
        await LearnAsync(300, decision => decision.Variant["headline"].Module == "h2");

        var line = await LineAsync(line => line["impressions"]!.GetValue<long>() == 300 && line["decisions"]!.GetValue<long>() == 300, "300 decisions and impressions");
        var experiment = (await Api.GetAsync($"{Path}/experiment")).Expect(200).Json["overall"]!;

        Assert.Equal(("Spring shoes", "live", "fr"), (Text(line, "name"), Text(line, "status"), Text(line, "language")));
        Assert.Equal((2, 2, 3), (line["segments"]!.GetValue<int>(), line["slots"]!.GetValue<int>(), line["modules"]!.GetValue<int>()));
        Assert.Equal(300, line["impressions"]!.GetValue<long>());
        Assert.Equal(Text(experiment, "verdict"), Text(line, "verdict"));
        Assert.Equal(experiment["lift"]?.ToJsonString(), line["lift"]?.ToJsonString());
        Assert.Equal((0, false), (line["awaiting"]!.GetValue<int>(), line["agentsStopped"]!.GetValue<bool>()));
        Assert.Empty(line["problems"]!.AsArray());
    }

    [Fact]
    public async Task Overview_WithTraffic_SaysHowMuchAndFallsSilentWithIt()
    {
        await PutAsync(Wire.Campaign([2]));
        await LineAsync(_ => true, "the campaign");
        for (var i = 0; i < 5; i++)
        {
            await Api.DecideManyAsync(Campaign, 200);
            await Task.Delay(TimeSpan.FromSeconds(1), Cancel);
        }

        var busy = await LineAsync(line => line["decisionsPerSecond"]!.GetValue<double>() > 0, "a rate");

        // 1,000 decisions within some five seconds, smoothed over ten.
        Assert.InRange(busy["decisionsPerSecond"]!.GetValue<double>(), 1, 1_000);
    }

    [Fact]
    public async Task Overview_ImpressionsOfOneGroupLost_NamesTheProblem()
    {
        await PutAsync(Wire.Campaign([2], "\"policy\":{\"control\":0.5}"));
        var decisions = await Api.DecideManyAsync(Campaign, 600);
        await SendAllAsync([.. decisions.Where((decision, i) => decision.Reason != "control" || i % 3 == 0).Select(decision => Wire.Signal(decision, "impression"))]);
        await SettledAsync(600);

        var line = await LineAsync(line => Text(line, "verdict") == "unhealthy", "an unhealthy experiment");

        Assert.Contains("sampleRatio", line["problems"]!.AsArray().Select(problem => problem!.GetValue<string>()));
    }

    /// <summary>A click that came before its impression is in quarantine, and nothing is wrong with its campaign.</summary>
    [Fact]
    public async Task Overview_BeaconThatWaits_IsNoProblem()
    {
        await PutAsync(Wire.Spring);
        var decision = await Api.DecideAsync(Campaign);
        await SendBeaconAsync("click", decision);

        var line = await LineAsync(line => line["quarantined"]!.GetValue<long>() == 1, "a click in quarantine");

        Assert.Empty(line["problems"]!.AsArray());
    }

    [Fact]
    public async Task Overview_SignalsThatCannotBeCounted_AreAProblemOnceTheyAreMany()
    {
        await PutAsync(Wire.Spring);
        var decision = await Api.DecideAsync(Campaign);
        for (var i = 0; i < 100; i++)
            await SendBeaconAsync($"zz-{i}", decision);

        var line = await LineAsync(line => line["quarantined"]!.GetValue<long>() == 100, "signals in quarantine");

        Assert.Equal("""["quarantined"]""", line["problems"]!.ToJsonString());
    }

    [Fact]
    public async Task Overview_Proposal_IsCountedUntilItIsDecided()
    {
        await PutAsync(Description.Documents.Everything);
        (await Api.PostAsync($"{Path}/slots/headline/refresh", "")).Expect(202);

        await LineAsync(line => line["awaiting"]!.GetValue<int>() == 1, "one that awaits a person");
        (await Api.PostAsync($"{Path}/proposals/p-1/reject", "")).Expect(200);
        await LineAsync(line => line["awaiting"]!.GetValue<int>() == 0, "none");
        (await Api.PostAsync($"{Path}/agents/stop", "")).Expect(200);
        await LineAsync(line => line["agentsStopped"]!.GetValue<bool>(), "agents that are stopped");
    }

    [Fact]
    public async Task Overview_OfAnEngineThatStartedAgain_StillKnowsWhatAwaitsAPerson()
    {
        using var data = new TempFolder();
        await using (var first = await Engine.StartAsync(data))
        {
            (await first.Api.PutAsync("/v1/campaigns/spring", Description.Documents.Everything)).Expect(201);
            (await first.Api.PostAsync("/v1/campaigns/spring/slots/headline/refresh", "")).Expect(202);
            await Eventually.ReadsAsync(() => first.Api.GetAsync("/v1/overview"), answer => Awaiting(answer) == 1, "one that awaits a person", answer => answer.Text);
        }

        await using var again = await Engine.StartAsync(data);

        await Eventually.ReadsAsync(() => again.Api.GetAsync("/v1/overview"), answer => Awaiting(answer) == 1, "one that still does", answer => answer.Text);

        static int Awaiting(Answer answer) => answer.Expect(200).Json["campaigns"]![0]!["awaiting"]!.GetValue<int>();
    }

    [Fact]
    public async Task Stream_Opened_SendsAllFirstAndThenWhatChanged()
    {
        await PutAsync(Wire.Spring);
        await LineAsync(_ => true, "the campaign");
        await using var stream = await EventStream.OpenPathAsync(Api, "/v1/overview/stream");
        var first = (await stream.NextAsync())!.Value;
        Assert.Equal("overview", first.EventType);
        Assert.Contains(JsonNode.Parse(first.Data)!["campaigns"]!.AsArray(), line => Text(line!, "id") == Campaign);

        (await Api.PatchAsync(Path, """{"status":"paused"}""")).Expect(200);
        await ReadUntilAsync(stream, news => news["campaigns"]!.AsArray().Any(line => Text(line!, "id") == Campaign && Text(line!, "status") == "paused"));
        (await Api.DeleteAsync(Path)).Expect(204);
        await ReadUntilAsync(stream, news => news["removed"]!.AsArray().Any(id => id!.GetValue<string>() == Campaign));
    }

    [Fact]
    public async Task ScoreStream_ProposalOrStop_SendsMessaging()
    {
        await PutAsync(Description.Documents.Everything);
        await using var stream = await EventStream.OpenPathAsync(Api, $"{Path}/scores/stream");
        Assert.Equal("scores", (await stream.NextAsync())!.Value.EventType);
        var first = (await stream.NextAsync())!.Value;
        Assert.Equal("messaging", first.EventType);

        (await Api.PostAsync($"{Path}/slots/headline/refresh", "")).Expect(202);
        var proposed = await ReadUntilAsync(stream, news => news["awaiting"]?.GetValue<int>() == 1, "messaging");
        Assert.True(proposed["entries"]!.GetValue<long>() >= 3, proposed.ToJsonString());
        var before = proposed["revision"]!.GetValue<long>();
        (await Api.PostAsync($"{Path}/slots/headline/modules/h1/stop", "")).Expect(200);
        await ReadUntilAsync(stream, news => news["revision"]!.GetValue<long>() > before, "messaging");
        (await Api.PostAsync($"{Path}/slots/headline/modules/h1/resume", "")).Expect(200);
    }

    private async Task SendBeaconAsync(string type, Decision decision)
    {
        (await Api.GetAsync($"/v1/b/{type}/{decision.DecisionId}")).Expect(204);
        Accepted++;
    }

    private static async Task<JsonNode> ReadUntilAsync(EventStream stream, Func<JsonNode, bool> holds, string type = "overview")
    {
        while (true)
        {
            var next = await stream.NextAsync();
            Assert.NotNull(next);
            if (next.Value.EventType == type && JsonNode.Parse(next.Value.Data)! is var news && holds(news))
                return news;
        }
    }

    private static string Text(JsonNode node, string member) => node[member]!.GetValue<string>();

    private Task<JsonNode> LineAsync(Func<JsonNode, bool> holds, string expected) => Eventually.ReadsAsync(
        async () => (await Api.GetAsync("/v1/overview")).Expect(200).Json["campaigns"]!.AsArray().SingleOrDefault(line => Text(line!, "id") == Campaign) ?? new JsonObject(),
        line => line["id"] is not null && holds(line), expected, line => line.ToJsonString());
}
