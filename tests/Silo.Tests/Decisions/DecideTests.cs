using System.Text;
using System.Text.Json.Nodes;

namespace Flywheel.Silo.Tests.Decisions;

public sealed class DecideTests(Engine engine) : EngineTest(engine)
{
    private static readonly string[] Reasons = ["learned", "control", "fallback"];

    public override async ValueTask InitializeAsync() => await PutAsync(Wire.Spring);

    [Fact]
    public async Task Decide_TheContractsExample_AnswersItsShape()
    {
        var answer = (await PostAsync($$"""{"campaign":"{{Campaign}}","segment":"young-urban","context":{"age":24},"unit":"user-1"}""")).Expect(200);

        Assert.Equal("application/json", answer.ContentType);
        var decision = answer.Json.AsObject();
        Assert.Equal(["decisionId", "campaign", "segment", "policyVersion", "policyAgeMs", "reason", "propensity", "variant"], decision.Select(member => member.Key));
        Assert.Matches("^[A-Za-z0-9_-]+$", decision["decisionId"]!.GetValue<string>());
        Assert.Equal(Campaign, decision["campaign"]!.GetValue<string>());
        Assert.Equal("young-urban", decision["segment"]!.GetValue<string>());
        Assert.True(decision["policyVersion"]!.GetValue<long>() > 0);
        Assert.True(decision["policyAgeMs"]!.GetValue<long>() >= 0);
        Assert.Contains(decision["reason"]!.GetValue<string>(), Reasons);
        Assert.InRange(decision["propensity"]!.GetValue<double>(), double.Epsilon, 1);
        Assert.Equal(["headline", "image"], decision["variant"]!.AsObject().Select(slot => slot.Key));
        AssertServed(JsonNode.Parse(Wire.Spring)!["slots"]![0]!, decision["variant"]!["headline"]!);
        AssertServed(JsonNode.Parse(Wire.Spring)!["slots"]![1]!, decision["variant"]!["image"]!);
    }

    [Fact]
    public async Task Decide_BehindASegmentsFirstPolicy_MovesNoUnit()
    {
        async Task<(long Version, string Headline)> DecideAsync(int unit)
        {
            var decision = (await PostAsync($$"""{"campaign":"{{Campaign}}","segment":"young-urban","unit":"u-{{unit}}"}""")).Expect(200).Json;
            return (decision["policyVersion"]!.GetValue<long>(), decision["variant"]!["headline"]!["module"]!.GetValue<string>());
        }

        var before = await Task.WhenAll(Enumerable.Range(0, 40).Select(DecideAsync));
        await Eventually.ReadsAsync(() => DecideAsync(0), decision => decision.Version > before[0].Version, "a policy of the segment's own");
        var after = await Task.WhenAll(Enumerable.Range(0, 40).Select(DecideAsync));

        Assert.Equal(before.Select(decision => decision.Headline), after.Select(decision => decision.Headline));
        Assert.Equal(2, before.Select(decision => decision.Headline).Distinct().Count());
    }

    [Theory]
    [InlineData("""{"html":"<b class=\"x\">été & 🚀</b>","path":"a/b\\c","line":"1\n2"}""")]
    [InlineData("""{"list":[1,-0.5,1e2,true,null,{"deep":[[]]}],"large":12345678901234567890.123456789}""")]
    [InlineData("""{"b":1,"a":2,"":3}""")]
    [InlineData("{}")]
    public async Task Decide_AnyContent_IsServedAsItWasWritten(string content)
    {
        await PutAsync(Wire.Campaign([Wire.Slot("headline", $$"""{"id":"h1","content":{{content}}}""")]));

        var served = (await PostAsync($$"""{"campaign":"{{Campaign}}"}""")).Expect(200).Json["variant"]!["headline"]!["content"];
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(content), served), $"Expected {content}; came {served?.ToJsonString()}");
    }

    [Fact]
    public async Task Decide_TheLongestIds_AreServedAndCounted()
    {
        var (campaign, segment, slot, channel) = ($"{Campaign}-{new string('c', 64 - Campaign.Length - 1)}", new string('s', 64), new string('l', 62), new string('n', 64));
        var slots = Enumerable.Range(0, 8).Select(i => Wire.Slot($"{slot}-{i}", Wire.Module($"{slot}-{i}", "x")));
        (await Api.PutAsync($"/v1/campaigns/{campaign}", Wire.Campaign(slots, $$"""  "segments":[{"id":"{{segment}}"}]"""))).Expect(201);

        var decision = await Api.DecideAsync(campaign, $$"""  "segment":"{{segment}}","context":{"channel":"{{channel}}"}""");
        (await Api.GetAsync($"/v1/b/impression/{decision.DecisionId}.gif")).Expect(200);

        var scores = await Eventually.ReadsAsync(() => Api.ScoresAsync(campaign, "?by=channel"), scores => scores.Segments[0].Impressions == 1, "an impression", scores => scores.Ledger);
        Assert.Equal(channel, Assert.Single(scores.Segments[0].Channels!).Id);
        Assert.All(scores.Segments[0].Slots, each => Assert.Equal(1, each.Modules[0].Impressions));
        (await Api.DeleteAsync($"/v1/campaigns/{campaign}")).Expect(204);
    }

    [Theory]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData(null)]
    public async Task Decide_WhateverTheContentType_Decides(string? contentType) =>
        (await Api.PostAsync("/v1/decisions", $$"""{"campaign":"{{Campaign}}"}""", contentType)).Expect(200);

    [Theory]
    [InlineData("""{"age":24,"city":"Paris"}""", "young-urban")]
    [InlineData("""{"age":29.9,"city":"Lyon"}""", "young-urban")]
    [InlineData("""{"age":-1e3,"city":"\u0050aris","more":{"city":"Rome","list":[1,{"age":99}]}}""", "young-urban")]
    [InlineData("""{"age":30,"city":"Paris"}""", "default")]
    [InlineData("""{"age":24,"city":"Rome"}""", "default")]
    [InlineData("""{"age":24,"city":"paris"}""", "default")]
    [InlineData("""{"age":"24","city":"Paris"}""", "default")]
    [InlineData("""{"age":24,"city":["Paris"]}""", "default")]
    [InlineData("""{"age":null,"city":"Paris"}""", "default")]
    [InlineData("""{"age":1e999,"city":"Paris"}""", "default")]
    [InlineData("""{"age":24}""", "default")]
    [InlineData("{}", "default")]
    [InlineData("null", "default")]
    public async Task Decide_Context_FindsTheSegment(string context, string segment) =>
        Assert.Equal(segment, (await DecideAsync($"\"context\":{context}")).Segment);

    [Theory]
    [InlineData("\"segment\":\"default\",\"context\":{\"age\":24,\"city\":\"Paris\"}", "default")]
    [InlineData("\"segment\":\"young-urban\",\"context\":{\"age\":80}", "young-urban")]
    [InlineData("\"segment\":null,\"unit\":null,\"context\":null,\"other\":[1]", "default")]
    [InlineData("", "default")]
    public async Task Decide_SegmentNamed_WinsOverTheContext(string rest, string segment) =>
        Assert.Equal(segment, (await DecideAsync(rest)).Segment);

    [Theory]
    [InlineData("""{"lte":30}""", "30", true)]
    [InlineData("""{"lte":30}""", "30.1", false)]
    [InlineData("""{"gt":30}""", "30.1", true)]
    [InlineData("""{"gt":30}""", "30", false)]
    [InlineData("""{"gte":30}""", "30", true)]
    [InlineData("""{"gte":18,"lt":30}""", "29", true)]
    [InlineData("""{"gte":18,"lt":30}""", "17", false)]
    [InlineData("""{"eq":"a"}""", "\"a\"", true)]
    [InlineData("""{"ne":"a"}""", "\"b\"", true)]
    [InlineData("""{"ne":"a"}""", "\"a\"", false)]
    [InlineData("""{"in":[1,"a",true]}""", "true", true)]
    [InlineData("""{"in":[1,"a",true]}""", "\"1\"", false)]
    [InlineData("true", "true", true)]
    [InlineData("true", "\"true\"", false)]
    [InlineData("1.0", "1", true)]
    public async Task Decide_EveryComparison_Matches(string rule, string value, bool matches)
    {
        await PutAsync(Wire.Campaign([1], $$$"""  "segments":[{"id":"only-named"},{"id":"x","match":{"k":{{{rule}}}}},{"id":"later","match":{"k":{{{rule}}}}}]"""));

        Assert.Equal(matches ? "x" : "default", (await DecideAsync($$"""  "context":{"k":{{value}}}""")).Segment);
    }

    [Fact]
    public async Task Decide_UnknownCampaign_Answers404() =>
        (await PostAsync($$"""{"campaign":"{{Campaign}}-none"}""")).ExpectProblem(404);

    [Theory]
    [InlineData("nobody")]
    [InlineData("Young Urban")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task Decide_UnknownSegment_IsRefused(string segment)
    {
        var answer = await PostAsync($$"""{"campaign":"{{Campaign}}","segment":"{{segment}}"}""");

        answer.ExpectFieldError("segment");
        Assert.Contains("young-urban", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("{", "")]
    [InlineData("[]", "")]
    [InlineData("\"spring\"", "")]
    [InlineData("""{"campaign":"a"}{}""", "")]
    [InlineData("""{"campaign":"a",}""", "")]
    [InlineData("{}", "campaign")]
    [InlineData("""{"campaign":""}""", "campaign")]
    [InlineData("""{"campaign":null}""", "campaign")]
    [InlineData("""{"campaign":5}""", "campaign")]
    [InlineData("""{"campaign":{}}""", "campaign")]
    [InlineData("""{"campaign":"a","segment":5}""", "segment")]
    [InlineData("""{"campaign":"a","unit":5}""", "unit")]
    [InlineData("""{"campaign":"a","context":5}""", "context")]
    [InlineData("""{"campaign":"a","context":[]}""", "context")]
    public async Task Decide_Malformed_NamesTheField(string body, string field) => (await PostAsync(body)).ExpectFieldError(field);

    [Theory]
    [InlineData("\"campaign\":\"\\ud800\"")]
    [InlineData("\"campaign\":\"{0}\",\"segment\":\"\\ud800\"")]
    [InlineData("\"campaign\":\"{0}\",\"unit\":\"\\ud800\"")]
    [InlineData("\"campaign\":\"{0}\",\"context\":{{\"city\":\"\\ud800\"}}")]
    [InlineData("\"campaign\":\"{0}\",\"context\":{{\"channel\":\"\\ud800\"}}")]
    public async Task Decide_HalfACharacter_IsNeverAFailure(string members)
    {
        var body = $"{{{string.Format(System.Globalization.CultureInfo.InvariantCulture, members, Campaign)}}}";

        Assert.InRange((await PostAsync(body)).Status, 200, 499);
    }

    [Fact]
    public async Task Decide_BrokenUtf8_IsNeverAFailure()
    {
        byte[] body = [.. Encoding.UTF8.GetBytes($$"""{"campaign":"{{Campaign}}","unit":" """), 0xC3, 0x28, 0xFF, .. "\"}"u8];

        Assert.InRange((await Api.SendAsync(HttpMethod.Post, "/v1/decisions", Api.Body(body))).Status, 200, 499);
    }

    [Fact]
    public async Task Decide_ContextTooDeep_IsRefused() =>
        (await PostAsync($$$"""{"campaign":"{{{Campaign}}}","context":{"a":{{{new string('[', 100)}}}{{{new string(']', 100)}}}}}""")).ExpectFieldError("");

    [Fact]
    public async Task Decide_BodyOver64Kilobytes_IsTooLarge() =>
        (await PostAsync($$"""{"campaign":"{{Campaign}}","unit":"{{new string('u', 70_000)}}"}""")).ExpectProblem(413);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Decide_FiftyMegabytes_IsTooLarge(bool stated)
    {
        Assert.Equal(413, await LargeBody.SendAsync(Engine.Url, "POST", "/v1/decisions", stated));

        await DecideAsync();
    }

    private Task<Answer> PostAsync(string body) => Api.PostAsync("/v1/decisions", body);

    private static void AssertServed(JsonNode slot, JsonNode served)
    {
        Assert.Equal(["module", "version", "content"], served.AsObject().Select(member => member.Key));
        var module = slot["modules"]!.AsArray().Single(module => module!["id"]!.GetValue<string>() == served["module"]!.GetValue<string>())!;
        Assert.Equal(1, served["version"]!.GetValue<int>());
        Assert.True(JsonNode.DeepEquals(module["content"], served["content"]), $"Expected {module["content"]}; came {served["content"]}");
    }
}
