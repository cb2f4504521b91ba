using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json.Nodes;
using Flywheel.Decisions;

namespace Flywheel.Silo.Tests.Policies;

public sealed class PolicyTests(Engine engine) : EngineTest(engine)
{
    private string Policy => $"{Path}/policy";

    [Fact]
    public async Task Get_PolicyOfALearnedCampaign_ChoosesWhatTheEngineChooses()
    {
        await PutAsync(Wire.Campaign([3, 2], "\"policy\":{\"control\":0.2,\"minPropensity\":0.02}"));
        await LearnAsync(400, decision => decision.Variant["headline"].Module == "h2");

        // What is learnt may still move on between two answers, so both are read until they are of the same policy.
        var (snapshot, decisions) = await Eventually.ReadsAsync(
            async () => (Read((await Api.GetAsync(Policy)).Expect(200).Bytes), await Api.DecideManyAsync(Campaign, 300, unit => $"\"unit\":\"user-{unit}\"")),
            both => both.Item2.All(decision => decision.PolicyVersion == (both.Item1.Segments[^1].Own ?? both.Item1.Prior).Policy.Version),
            "a policy and decisions of one version");

        var policy = snapshot.Segments[^1].Own!.Policy;
        Assert.All(decisions.Select((decision, unit) => (decision, unit)), made =>
        {
            var choice = policy.Choose(Mixing.Of(Encoding.UTF8.GetBytes($"user-{made.unit}"), snapshot.Incarnation));
            Assert.Equal(made.decision.Propensity, choice.Propensity);
            Assert.Equal(
                made.decision.Variant.Select(slot => slot.Value.Module),
                snapshot.Slots.Select((slot, place) => slot.Modules[Combination.ModuleAt(choice.Combination, place)].Id));
        });
        Assert.Contains(decisions, decision => decision.Reason == "control");
    }

    [Fact]
    public async Task Get_PolicyOfTheContractsCampaign_SaysAllThatDecidingNeeds()
    {
        await PutAsync(Wire.Spring);

        var answer = (await Api.GetAsync(Policy)).Expect(200);

        var snapshot = Read(answer.Bytes);
        Assert.Equal((Campaign, true, 3_600u), (snapshot.Campaign, snapshot.IsLive, snapshot.WindowSeconds));
        Assert.Equal(["young-urban", "default"], snapshot.Segments.Select(segment => segment.Id));
        Assert.Equal(0, snapshot.Matcher.Match("""{"age":24,"city":"Lyon"}"""u8, out _));
        Assert.Equal("""{"age":{"lt":30},"city":["Paris","Lyon"]}""", answer.Json["segments"]![0]!["match"]!.ToJsonString());
        Assert.Equal("Run lighter", answer.Json["slots"]![0]!["modules"]![0]!["content"]!["text"]!.GetValue<string>());
    }

    [Fact]
    public async Task Get_PolicyWithItsETag_Answers304UntilItChanges()
    {
        await PutAsync(Wire.Campaign([2]));
        var first = await GetAsync(null);
        Assert.Equal((200, true), (first.Status, first.ETag.StartsWith('"')));

        Assert.Equal((304, first.ETag, 0), await GetAsync(first.ETag));
        Assert.Equal((304, first.ETag, 0), await GetAsync($"\"other\", {first.ETag}"));
        Assert.Equal(first, await GetAsync("\"other\""));

        await LearnAsync(50, decision => decision.Variant["headline"].Module == "h2");
        var learned = await Eventually.ReadsAsync(() => GetAsync(first.ETag), answer => answer.Status == 200, "a policy that was learnt");
        Assert.NotEqual(first.ETag, learned.ETag);
        (await Api.PatchAsync(Path, """{"status":"paused"}""")).Expect(200);
        var paused = await Eventually.ReadsAsync(() => Api.GetAsync(Policy), answer => !Read(answer.Bytes).IsLive, "a paused campaign");
        Assert.Equal("paused", paused.Json["status"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("GET", "policy")]
    [InlineData("GET", "policy/stream")]
    [InlineData("POST", "lease")]
    public async Task Request_WithoutTheCampaign_Answers404(string method, string path) =>
        (await Api.SendAsync(HttpMethod.Parse(method), $"{Path}/{path}")).ExpectProblem(404);

    [Fact]
    public async Task Stream_OfPolicies_SendsTheWholeThenWhatChangedAndEndsWithTheCampaign()
    {
        await PutAsync(Wire.Campaign([3], "\"segments\":[{\"id\":\"young\",\"match\":{\"age\":{\"lt\":30}}}]"));
        await using var stream = await EventStream.OpenPathAsync(Api, $"{Policy}/stream");
        var snapshot = Read(await NextAsync(stream, "policy"));
        Assert.Equal("text/event-stream", stream.ContentType);
        Assert.All(snapshot.Segments, segment => Assert.Null(segment.Own));

        await LearnAsync(60, decision => decision.Variant["headline"].Module == "h2");
        JsonArray changed;
        do
        {
            var data = await NextAsync(stream, "segments");
            changed = JsonNode.Parse(data)!["segments"]!.AsArray();
            snapshot = PolicySnapshotReader.ReadSegments(data, snapshot)!;
        }
        while (changed.Count == 0);
        Assert.Equal("default", Assert.Single(changed)!["id"]!.GetValue<string>());
        Assert.NotNull(snapshot.Segments[^1].Own);
        Assert.Null(snapshot.Segments[0].Own);

        (await Api.PatchAsync(Path, """{"status":"paused"}""")).Expect(200);
        SseItem<string>? next;
        do
            next = await stream.NextAsync();
        while (next is { EventType: "segments" });
        Assert.False(Read(Encoding.UTF8.GetBytes(next!.Value.Data)).IsLive);

        (await Api.DeleteAsync(Path)).Expect(204);
        do
            next = await stream.NextAsync();
        while (next is not null);
    }

    private static PolicySnapshot Read(byte[] utf8) => PolicySnapshotReader.Read(utf8);

    private static async Task<byte[]> NextAsync(EventStream stream, string type)
    {
        var next = await stream.NextAsync();
        Assert.Equal(type, next?.EventType);
        return Encoding.UTF8.GetBytes(next!.Value.Data);
    }

    private async Task<(int Status, string ETag, int Length)> GetAsync(string? known)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Policy);
        if (known is not null)
            request.Headers.TryAddWithoutValidation("If-None-Match", known);
        using var response = await Api.Http.SendAsync(request, Cancel);
        return ((int)response.StatusCode, response.Headers.ETag!.ToString(), (await response.Content.ReadAsByteArrayAsync(Cancel)).Length);
    }
}
