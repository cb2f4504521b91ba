using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;

namespace Flywheel.Silo.Tests.Description;

public sealed class OpenApiTests(Engine engine) : EngineTest(engine)
{
    /// <summary>What no schema can say more of: it is not ours.</summary>
    private static readonly string[] OtherFormats = ["text/csv", "application/x-ndjson", "application/vnd.apache.parquet", "image/gif"];

    [Fact]
    public async Task Document_EveryRoute_DescribesWhatItTakesAndAnswers()
    {
        var document = await DocumentAsync();
        var check = new SchemaCheck(document);

        var holes = new List<string>();
        foreach (var (path, item) in document["paths"]!.AsObject())
        {
            foreach (var (method, operation) in item!.AsObject())
                holes.AddRange(HolesOf(check, operation!).Select(hole => $"{method} {path} {hole}"));
        }

        Assert.True(holes.Count == 0, string.Join("\n", holes));
    }

    /// <summary>Made once: whoever asks, and by whatever name, gets the same, or nothing where it has it already.</summary>
    [Fact]
    public async Task Document_AskedForAgain_IsTheSameUnderItsTag()
    {
        var first = (await Api.GetAsync("/openapi/v1.json")).Expect(200);
        using var elsewhere = new HttpRequestMessage { Headers = { Host = "elsewhere.localhost" } };
        using var known = new HttpRequestMessage { Headers = { IfNoneMatch = { first.Headers.ETag! } } };

        var second = (await Api.SendAsync(elsewhere, HttpMethod.Get, "/openapi/v1.json")).Expect(200);

        Assert.Equal(first.Bytes, second.Bytes);
        Assert.Equal(first.Headers.ETag, second.Headers.ETag);
        Assert.Equal("application/json", first.ContentType);
        Assert.Empty((await Api.SendAsync(known, HttpMethod.Get, "/openapi/v1.json")).Expect(304).Bytes);
    }

    [Fact]
    public async Task Document_EveryPathParameter_IsDescribed()
    {
        var document = await DocumentAsync();

        var missing = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().SelectMany(operation => path.Key.Split('/', '.').Where(part => part.StartsWith('{'))
            .Where(part => operation.Value!["parameters"]?.AsArray().Any(parameter => $"{{{parameter!["name"]}}}" == part) != true).Select(part => $"{operation.Key} {path.Key}: {part}")));

        Assert.Empty(missing);
    }

    /// <summary>Names that a generator makes types of.</summary>
    [Theory]
    [InlineData("Experiment", "overall,segments,campaign")]
    [InlineData("ExperimentReading", "lift,verdict,sampleRatio")]
    [InlineData("Proposal", "id,replaces,evidence,findings")]
    [InlineData("ModuleScores", "rate,resonance,state,share")]
    [InlineData("Campaign", "slots")]
    public async Task Document_Shape_RequiresWhatIsAlwaysThere(string shape, string members)
    {
        var required = (await DocumentAsync())["components"]!["schemas"]![shape]!["required"]!.AsArray().Select(member => member!.GetValue<string>());

        Assert.Subset(required.ToHashSet(), members.Split(',').ToHashSet());
    }

    [Fact]
    public async Task Answers_OfALiveEngine_AreAsDescribed()
    {
        var document = await DocumentAsync();
        var check = new SchemaCheck(document);
        Fits("put", "/v1/campaigns/{id}", await Api.PutAsync(Path, Documents.Everything), 201);
        Fits("get", "/v1/overview", await Eventually.ReadsAsync(
            () => Api.GetAsync("/v1/overview"), overview => overview.Text.Contains(Campaign, StringComparison.Ordinal), "the campaign, which has no lift yet", overview => overview.Text));
        var decisions = await LearnAsync(200, decision => decision.Variant["headline"].Module == "h2");
        await SendAllAsync(Wire.Observed(Campaign, "crm-1", "click"));
        (await Api.PostAsync($"{Path}/slots/headline/refresh", "")).Expect(202);
        await Eventually.ReadsAsync(async () => (await Api.GetAsync($"{Path}/proposals")).Expect(200).Json["proposals"]!.AsArray(), found => found.Count > 0, "a proposal", found => found.ToJsonString());

        Fits("get", "/v1/overview", await Api.GetAsync("/v1/overview"));
        Fits("get", "/v1/cluster", await Api.GetAsync("/v1/cluster"));
        Fits("get", "/v1/campaigns/{id}/modules", await Api.GetAsync($"{Path}/modules"));
        Fits("post", "/v1/campaigns/{id}/proposals/{proposal}/edit", await Api.PostAsync($"{Path}/proposals/p-1/edit", """{"content":{"text":"Run like new"}}"""));
        Fits("get", "/v1/campaigns/{id}/trends", await Api.GetAsync($"{Path}/trends"));
        Fits("get", "/v1/campaigns", await Api.GetAsync("/v1/campaigns"));
        Fits("get", "/v1/campaigns/{id}", await Api.GetAsync(Path));
        Fits("patch", "/v1/campaigns/{id}", await Api.PatchAsync(Path, """{"status":"live"}"""));
        Fits("get", "/v1/campaigns/{id}/scores", await Api.GetAsync($"{Path}/scores?by=channel"));
        Fits("get", "/v1/campaigns/{id}/experiment", await Api.GetAsync($"{Path}/experiment"));
        Fits("get", "/v1/campaigns/{id}/policy", await Api.GetAsync($"{Path}/policy"));
        Fits("get", "/v1/campaigns/{id}/insights", await Api.GetAsync($"{Path}/insights?language=fr"));
        Fits("get", "/v1/campaigns/{id}/proposals", await Api.GetAsync($"{Path}/proposals"));
        Fits("post", "/v1/campaigns/{id}/proposals/{proposal}/approve", await Api.PostAsync($"{Path}/proposals/p-1/approve", """{"comment":"yes"}"""));
        Fits("get", "/v1/campaigns/{id}/history", await Api.GetAsync($"{Path}/history"));
        Fits("post", "/v1/campaigns/{id}/lease", await Api.PostAsync($"{Path}/lease", ""));
        Fits("post", "/v1/campaigns/{id}/agents/stop", await Api.PostAsync($"{Path}/agents/stop", ""));
        Fits("post", "/v1/campaigns/{id}/slots/{slot}/modules/{module}/stop", await Api.PostAsync($"{Path}/slots/headline/modules/h1/stop", ""));
        Fits("post", "/v1/campaigns/{id}/slots/{slot}/modules/{module}/resume", await Api.PostAsync($"{Path}/slots/headline/modules/h1/resume", ""));
        Fits("post", "/v1/decisions", await Api.PostAsync("/v1/decisions", $$"""{"campaign":"{{Campaign}}"}"""));
        Fits("post", "/v1/decisions/batch", await Api.PostAsync("/v1/decisions/batch", $$"""{"decisions":[{"campaign":"{{Campaign}}"},{"campaign":"nobody"}]}"""));
        Fits("post", "/v1/signals", await SendAsync(Wire.Array(Wire.Signal(decisions[0], "impression"), "{}")), 202);
        Fits("get", "/health/ready", await Api.GetAsync("/health/ready"));
        Fits("get", "/v1/campaigns/{id}", await Api.GetAsync("/v1/campaigns/nobody"), 404);
        Fits("put", "/v1/campaigns/{id}", await Api.PutAsync(Path, """{"slots":[]}"""), 400);

        void Fits(string method, string path, Answer answer, int status = 200)
        {
            answer.Expect(status);
            var schema = document["paths"]![path]![method]!["responses"]![status.ToString(System.Globalization.CultureInfo.InvariantCulture)]!["content"]![answer.ContentType!]!["schema"]!;
            var errors = check.Errors(answer.Json, schema);
            Assert.True(errors.Count == 0, $"{method} {path} {status}: {string.Join("; ", errors.Take(10))}");
        }
    }

    [Fact]
    public async Task Events_OfALiveEngine_AreAsDescribed()
    {
        var document = await DocumentAsync();
        await PutAsync(Wire.Spring);

        await FitsAsync("/v1/campaigns/{id}/scores/stream", "scores", "messaging");
        await FitsAsync("/v1/campaigns/{id}/policy/stream", "policy");
        await FitsAsync("/v1/overview/stream", "overview");

        async Task FitsAsync(string path, params string[] types)
        {
            await using var stream = await EventStream.OpenPathAsync(Api, path.Replace("{id}", Campaign, StringComparison.Ordinal));
            foreach (var type in types)
            {
                var next = (await stream.NextAsync())!.Value;
                Assert.Equal(type, next.EventType);
                Fits(path, next);
            }
        }

        void Fits(string path, SseItem<string> next)
        {
            var schema = document["paths"]![path]!["get"]!["responses"]!["200"]!["content"]!["text/event-stream"]!["schema"]!;
            var errors = new SchemaCheck(document).Errors(new JsonObject { [next.EventType] = JsonNode.Parse(next.Data) }, schema);
            Assert.True(errors.Count == 0, $"{path}: {string.Join("; ", errors.Take(10))}");
        }
    }

    /// <summary>A guard on the guard: it finds what is missing, too much, of another type or not allowed.</summary>
    [Theory]
    [InlineData("""{"verdict":"winning"}""")]
    [InlineData("""{"verdict":"won","n":1}""")]
    [InlineData("""{"verdict":"winning","n":1.5}""")]
    [InlineData("""{"verdict":"winning","n":1,"more":1}""")]
    [InlineData("""{"verdict":"winning","n":1,"lift":"high"}""")]
    public void Check_AnswerThatIsNotAsDescribed_SaysSo(string answer)
    {
        var schema = JsonNode.Parse("""
            { "type":"object", "required":["verdict","n"], "properties":{
              "verdict":{"type":"string","enum":["winning"]}, "n":{"type":"integer"}, "lift":{"oneOf":[{"type":"null"},{"type":"number"}]} } }
            """)!;

        Assert.Single(new SchemaCheck(schema).Errors(JsonNode.Parse(answer), schema));
        Assert.Empty(new SchemaCheck(schema).Errors(JsonNode.Parse("""{"verdict":"winning","n":1,"lift":null}"""), schema));
    }

    private async Task<JsonNode> DocumentAsync() => (await Api.GetAsync("/openapi/v1.json")).Expect(200).Json;

    private static IEnumerable<string> HolesOf(SchemaCheck check, JsonNode operation)
    {
        foreach (var (type, media) in operation["requestBody"]?["content"]?.AsObject() ?? [])
        {
            foreach (var hole in check.Holes(media!["schema"]))
                yield return $"takes {type} {hole}";
        }
        var answers = operation["responses"]!.AsObject().Where(answer => answer.Key[0] == '2').ToList();
        if (answers.Count == 0)
            yield return "answers nothing";
        foreach (var (status, answer) in answers.Where(answer => answer.Key != "204"))
        {
            if (answer!["content"] is not JsonObject { Count: > 0 } content)
                yield return $"answers {status} with nothing";
            else
            {
                foreach (var (type, media) in content.Where(each => !OtherFormats.Contains(each.Key)))
                {
                    foreach (var hole in check.Holes(media!["schema"]))
                        yield return $"answers {status} {type} {hole}";
                }
            }
        }
    }
}
