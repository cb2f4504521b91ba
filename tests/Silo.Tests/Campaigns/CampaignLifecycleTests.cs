using System.Text.Json.Nodes;

namespace Flywheel.Silo.Tests.Campaigns;

public sealed class CampaignLifecycleTests(Engine engine) : EngineTest(engine)
{
    [Fact]
    public async Task Put_NewCampaign_Answers201WithItsPlace()
    {
        var answer = (await Api.PutAsync(Path, Wire.Spring)).Expect(201);

        Assert.Equal("application/json", answer.ContentType);
        Assert.Equal(Path, answer.Headers.Location?.ToString());
        Assert.NotNull(answer.Headers.ETag);
    }

    [Fact]
    public async Task Put_Again_Answers200()
    {
        await Api.PutAsync(Path, Wire.Spring);

        (await Api.PutAsync(Path, Wire.Spring)).Expect(200);
    }

    [Fact]
    public async Task Put_SlotsAlone_FillsInTheDefaults()
    {
        await PutAsync(Wire.Campaign([2]));

        var campaign = (await Api.GetAsync(Path)).Expect(200).Json;
        Assert.Equal("live", campaign["status"]!.GetValue<string>());
        AssertSame("""{"click":1}""", campaign["rewards"]);
        AssertSame("""{"control":0.05,"minPropensity":0,"attributionWindow":"01:00:00"}""", campaign["policy"]);
        Assert.Equal("default", (await DecideAsync()).Segment);
    }

    [Fact]
    public async Task Get_AfterThePutOfTheContract_HoldsEverythingThatWasPut()
    {
        await PutAsync(Wire.Spring);

        var campaign = (await Api.GetAsync(Path)).Expect(200).Json;

        var put = JsonNode.Parse(Wire.Spring)!.AsObject();
        foreach (var (member, value) in put)
            AssertSame(value!.ToJsonString(), campaign[member]);
        Assert.Equal(put.Select(member => member.Key).Prepend("id"), campaign.AsObject().Select(member => member.Key));
    }

    [Fact]
    public async Task Put_Concurrently_CreatesOnce()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Api.PutAsync(Path, Wire.Spring)));

        Assert.Single(answers, answer => answer.Status == 201);
        Assert.Equal(9, answers.Count(answer => answer.Status == 200));
        Assert.NotNull(await Api.ListedAsync(Campaign));
    }

    [Fact]
    public async Task Put_ManyAtOnce_ListsThemAll()
    {
        var ids = Enumerable.Range(0, 30).Select(i => $"{Campaign}-{i}").ToList();

        await Task.WhenAll(ids.Select(async id => (await Api.PutAsync($"/v1/campaigns/{id}", Wire.Campaign([1]))).Expect(201)));

        var listed = (await Api.GetAsync("/v1/campaigns")).Json["campaigns"]!.AsArray().Select(campaign => campaign!["id"]!.GetValue<string>()).ToHashSet();
        Assert.All(ids, id => Assert.Contains(id, listed));
        await Task.WhenAll(ids.Select(async id => (await Api.DeleteAsync($"/v1/campaigns/{id}")).Expect(204)));
        Assert.DoesNotContain((await Api.GetAsync("/v1/campaigns")).Json["campaigns"]!.AsArray(), campaign => ids.Contains(campaign!["id"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Put_OfWhatGetAnswered_ChangesNothing()
    {
        await PutAsync(Wire.Spring);
        var first = (await Api.GetAsync(Path)).Expect(200);

        (await Api.PutAsync(Path, first.Text)).Expect(200);

        Assert.Equal(first.Text, (await Api.GetAsync(Path)).Text);
        Assert.All((await Api.ScoresAsync(Campaign)).Segments, segment =>
            Assert.All(segment.Slots.SelectMany(slot => slot.Modules), module => Assert.Equal(1, module.Version)));
    }

    [Fact]
    public async Task Get_Unknown_Answers404() => (await Api.GetAsync(Path)).ExpectProblem(404);

    [Fact]
    public async Task Patch_Paused_StopsDecisionsUntilItIsLiveAgain()
    {
        await PutAsync(Wire.Campaign([2]));

        var paused = (await Api.PatchAsync(Path, """{"status":"paused"}""")).Expect(200);

        Assert.Equal("paused", paused.Json["status"]!.GetValue<string>());
        Assert.Equal("paused", (await Api.GetAsync(Path)).Json["status"]!.GetValue<string>());
        Assert.Equal("paused", (await Api.ListedAsync(Campaign))!["status"]!.GetValue<string>());
        Assert.Empty((await Api.PostAsync("/v1/decisions", $$"""{"campaign":"{{Campaign}}"}""")).Expect(204).Bytes);

        (await Api.PatchAsync(Path, """{"status":"live"}""")).Expect(200);
        await DecideAsync();
    }

    [Fact]
    public async Task Patch_Paused_StillCountsTheSignalsOfEarlierDecisions()
    {
        await PutAsync(Wire.Campaign([2]));
        var decision = await DecideAsync();
        await Api.PatchAsync(Path, """{"status":"paused"}""");

        await SendAllAsync(Wire.Signal(decision, "impression"), Wire.Signal(decision, "click"));

        var segment = (await SettledAsync(1)).Segments[0];
        Assert.Equal((1, 1.0), (segment.Impressions, segment.Reward));
    }

    [Theory]
    [InlineData("""{"status":"sleeping"}""", "status")]
    [InlineData("""{"status":5}""", "status")]
    [InlineData("""{"status":null}""", "status")]
    [InlineData("""{"status":"paused","name":"other"}""", "status")]
    [InlineData("{}", "status")]
    [InlineData("[]", "status")]
    [InlineData("""{"status":"paused\ud800"}""", "")]
    [InlineData("""{"status":""", "")]
    [InlineData("", "")]
    public async Task Patch_Wrong_NamesTheFieldAndChangesNothing(string body, string field)
    {
        await PutAsync(Wire.Campaign([2]));

        (await Api.PatchAsync(Path, body)).ExpectFieldError(field);

        Assert.Equal("live", (await Api.GetAsync(Path)).Json["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task Patch_Unknown_Answers404() => (await Api.PatchAsync(Path, """{"status":"paused"}""")).ExpectProblem(404);

    [Fact]
    public async Task Delete_Known_LeavesNothing()
    {
        await PutAsync(Wire.Campaign([2]));

        Assert.Empty((await Api.DeleteAsync(Path)).Expect(204).Bytes);

        (await Api.GetAsync(Path)).ExpectProblem(404);
        (await Api.GetAsync($"{Path}/scores")).ExpectProblem(404);
        (await Api.GetAsync($"{Path}/scores/stream")).ExpectProblem(404);
        (await Api.PostAsync("/v1/decisions", $$"""{"campaign":"{{Campaign}}"}""")).ExpectProblem(404);
        (await Api.PatchAsync(Path, """{"status":"paused"}""")).ExpectProblem(404);
        (await Api.DeleteAsync(Path)).ExpectProblem(404);
        Assert.Null(await Api.ListedAsync(Campaign));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Bad_Id")]
    public async Task Delete_Unknown_Answers404(string suffix) => (await Api.DeleteAsync(Path + suffix)).ExpectProblem(404);

    [Fact]
    public async Task Put_AfterDelete_StartsFromNothing()
    {
        await PutAsync(Wire.Campaign([2]));
        var old = (await LearnAsync(20, _ => true))[0];
        (await Api.DeleteAsync(Path)).Expect(204);
        Accepted = 0;

        (await Api.PutAsync(Path, Wire.Campaign([2]))).Expect(201);

        var problem = (await SendAsync(Wire.Signal(old, "conversion"))).ExpectProblem(400);
        Assert.Contains("deleted", problem["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        var segment = (await SettledAsync(0)).Segments[0];
        Assert.Equal((0, 0, 0.0), (segment.Decisions, segment.Impressions, segment.Reward));
    }

    [Fact]
    public async Task List_SeveralCampaigns_ShowsEachOnce()
    {
        await PutAsync(Wire.Spring);
        var other = $"{Campaign}-b";
        (await Api.PutAsync($"/v1/campaigns/{other}", Wire.Campaign([1], "\"simulation\":true"))).Expect(201);

        AssertSame($$"""{"id":"{{Campaign}}","name":"Spring shoes","status":"live"}""", await Api.ListedAsync(Campaign));
        var listed = (await Api.ListedAsync(other))!;
        Assert.Equal("live", listed["status"]!.GetValue<string>());
        Assert.True(listed["simulation"]!.GetValue<bool>());

        (await Api.DeleteAsync($"/v1/campaigns/{other}")).Expect(204);
    }

    private static void AssertSame(string expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"Expected {expected}; came {actual?.ToJsonString()}");
}
