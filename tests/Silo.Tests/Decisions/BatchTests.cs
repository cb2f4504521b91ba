namespace Flywheel.Silo.Tests.Decisions;

public sealed class BatchTests(Engine engine) : EngineTest(engine)
{
    public override async ValueTask InitializeAsync() => await PutAsync(Wire.Spring);

    [Fact]
    public async Task DecideMany_SeveralRequests_AnswersInOrder()
    {
        var segments = Enumerable.Range(0, 1_000).Select(i => i % 3 == 0 ? "young-urban" : "default").ToList();

        var decisions = await Api.DecideManyAsync(Campaign, segments.Count, i => $"\"segment\":\"{segments[i]}\"");

        Assert.Equal(segments, decisions.Select(decision => decision.Segment));
        Assert.Equal(segments.Count, decisions.Select(decision => decision.DecisionId).Distinct().Count());
    }

    [Fact]
    public async Task DecideMany_BadElements_AnswersTheOthers()
    {
        var paused = $"{Campaign}-b";
        (await Api.PutAsync($"/v1/campaigns/{paused}", Wire.Campaign([1], "\"status\":\"paused\""))).Expect(201);
        string[] requests =
        [
            Request(""), "5", "{}", Request(",\"segment\":\"nobody\""), $$"""{"campaign":"{{Campaign}}-none"}""", $$"""{"campaign":"{{paused}}"}""", "[{}]",
            Request(",\"unit\":7"), Request(",\"segment\":\"young-urban\""),
        ];

        var answers = await PostAsync($$"""{"before":{"decisions":1},"decisions":[{{string.Join(',', requests)}}]}""");

        var decisions = answers.Expect(200).Json["decisions"]!.AsArray();
        int?[] statuses = [null, 400, 400, 400, 404, 204, 400, 400, null];
        Assert.Equal(statuses, decisions.Select(decision => (int?)decision!["status"]));
        Assert.All(decisions.Where(decision => decision!["status"] is not null), refusal => Assert.NotEmpty(refusal!["detail"]!.GetValue<string>()));
        Assert.Contains("segment", decisions[3]!["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("young-urban", decisions[^1]!["segment"]!.GetValue<string>());
        (await Api.DeleteAsync($"/v1/campaigns/{paused}")).Expect(204);
    }

    [Fact]
    public async Task DecideMany_HalfACharacterInOne_AnswersTheOthers()
    {
        var answer = await PostAsync($$"""{"decisions":[{{Request("")}},{{Request(",\"unit\":\"\\ud800\"")}},{{Request("")}}]}""");

        var decisions = answer.Expect(200).Json["decisions"]!.AsArray();
        Assert.NotNull(decisions[0]!["decisionId"]);
        Assert.NotNull(decisions[2]!["decisionId"]);
    }

    [Fact]
    public async Task DecideMany_None_AnswersNone() =>
        Assert.Empty((await PostAsync("""{"decisions":[]}""")).Expect(200).Json["decisions"]!.AsArray());

    [Fact]
    public async Task DecideMany_ThousandAndOne_IsRefusedAndServesNone()
    {
        (await PostAsync($$"""{"decisions":[{{string.Join(',', Enumerable.Repeat(Request(""), 1_001))}}]}""")).ExpectProblem(400, 413);

        // The count of decisions is absolute: whatever shows once this one is in it has all that was served before.
        await DecideAsync();
        var scores = await Eventually.ReadsAsync(() => Api.ScoresAsync(Campaign), scores => scores.Segments[1].Decisions > 0, "a decision");
        Assert.Equal(1, scores.Segments[1].Decisions);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("{\"decisions\":[{\"campaign\":\"a\"}", "")]
    [InlineData("{\"decisions\":[{\"campaign\":\"a\"}]", "")]
    [InlineData("{\"decisions\":[{\"campaign\":\"a\"}]} and more", "")]
    [InlineData("{\"decisions\":[{\"campaign\":\"a\"},]}", "")]
    [InlineData("{\"decisions\":[{\"campaign\":NaN}]}", "")]
    [InlineData("{}", "decisions")]
    [InlineData("[]", "decisions")]
    [InlineData("{\"decisions\":{}}", "decisions")]
    [InlineData("{\"decisions\":null}", "decisions")]
    public async Task DecideMany_Malformed_NamesTheField(string body, string field) => (await PostAsync(body)).ExpectFieldError(field);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task DecideMany_FiftyMegabytes_IsTooLarge(bool stated)
    {
        Assert.Equal(413, await LargeBody.SendAsync(Engine.Url, "POST", "/v1/decisions/batch", stated));

        await DecideAsync();
    }

    private string Request(string rest) => $$"""{"campaign":"{{Campaign}}"{{rest}}}""";

    private Task<Answer> PostAsync(string body) => Api.PostAsync("/v1/decisions/batch", body);
}
