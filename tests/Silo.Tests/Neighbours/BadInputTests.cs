using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Flywheel.Silo.Tests.Kafka;

namespace Flywheel.Silo.Tests.Neighbours;

/// <summary>Bad input to each adapter gets that standard's own error, is counted once, and changes nothing. Messages of Kafka: <see cref="ConsumerTests"/>.</summary>
public sealed class BadInputTests : IAsyncLifetime
{
    private const string Flag = "/ofrep/v1/evaluate/flags/spring.headline";
    private const string Bids = "/openrtb/2.6/bid/spring";
    private const string Events = "application/cloudevents-batch+json";
    private const string Event = "application/cloudevents+json";
    private const string Problem = "application/problem+json";
    private const string Json = "application/json";

    private const string Flags = "flywheel_ofrep_requests_total";
    private const string BadEvents = "flywheel_cloudevents_total{outcome=\"rejected\"}";
    private const string BadSignals = "flywheel_signals_total{outcome=\"rejected\"}";
    private const string BadMessages = "flywheel_mcp_calls_total{tool=\"other\",outcome=\"invalid\"}";
    private const string BadHooks = "flywheel_webhook_documents_rejected_total";
    private const string BadCampaigns = "flywheel_campaign_documents_rejected_total";

    private readonly Engine _engine = new();

    private Api Api => _engine.Api;

    public async ValueTask InitializeAsync()
    {
        await _engine.InitializeAsync();
        (await Api.PutAsync("/v1/campaigns/spring", NativeBids.Document)).Expect(201);
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task Input_ThatIsBad_IsToldAsTheStandardSays_CountedOnceAndChangesNothing()
    {
        var before = await StateAsync();
        var large = $"{{\"more\":\"{new string('x', 70_000)}\"}}";

        var flag = await CountedAsync($"{Flags}{{outcome=\"invalid\"}}", "POST", Flag, "{", 400);
        Assert.Equal((Json, "PARSE_ERROR"), (flag.ContentType, flag.Json["errorCode"]!.GetValue<string>()));
        flag = await CountedAsync($"{Flags}{{outcome=\"invalid\"}}", "POST", Flag, large, 413);
        Assert.Equal((Json, "GENERAL", "spring.headline"), (flag.ContentType, flag.Json["errorCode"]!.GetValue<string>(), flag.Json["key"]!.GetValue<string>()));
        flag = await CountedAsync($"{Flags}{{outcome=\"unknown\"}}", "POST", $"{Flag}s", """{"context":{"targetingKey":"u"}}""", 404);
        Assert.Equal("FLAG_NOT_FOUND", flag.Json["errorCode"]!.GetValue<string>());
        await CountedAsync($"{Flags}{{outcome=\"invalid\"}}", "POST", "/ofrep/v1/evaluate/flags", "[]", 400);
        await CountedAsync($"{Flags}{{outcome=\"invalid\"}}", "POST", Flag, "packed", 415, encoding: "gzip");

        foreach (var (body, status) in ((string, int)[])[("{", 400), ("{}", 400), (large, 413)])
            Assert.Empty((await CountedAsync("flywheel_openrtb_requests_total{outcome=\"invalid\"}", "POST", Bids, body, status)).Bytes);
        await CountedAsync("flywheel_openrtb_requests_total{outcome=\"unknown\"}", "POST", "/openrtb/2.6/bid/nobody", NativeBids.Request("simple-banner", NativeBids.Title(90)).ToJsonString(), 404);

        foreach (var (body, type, status) in ((string, string, int)[])
        [
            ("{", Event, 400), ("""{"specversion":"0.3","id":"e","source":"s","type":"t","data":{}}""", Event, 400), ("[{},", Events, 400),
            ($"[{string.Join(',', Enumerable.Repeat("{}", 10_001))}]", Events, 413),
        ])
        {
            var signals = await Api.MetricAsync(BadSignals);
            Assert.Equal(Problem, (await CountedAsync(BadEvents, "POST", "/v1/signals", body, status, type)).ContentType);
            Assert.Equal(signals + 1, await Api.MetricAsync(BadSignals));
        }
        await CountedAsync(BadEvents, "POST", "/v1/signals", "packed", 415, Event, encoding: "gzip");
        var events = await Api.MetricAsync(BadEvents);
        await CountedAsync(BadSignals, "POST", "/v1/signals", "{", 400);
        await CountedAsync(BadSignals, "POST", "/v1/signals", "{}", 400);
        Assert.Equal(events, await Api.MetricAsync(BadEvents));

        await CountedAsync(BadHooks, "PUT", "/v1/webhooks/ops", "{}", 400);
        await CountedAsync(BadHooks, "PUT", "/v1/webhooks/ops", large, 413);
        await CountedAsync(BadHooks, "PUT", "/v1/webhooks/No!", """{"url":"https://hooks.example.com/"}""", 400);

        foreach (var (body, status) in ((string, int)[])[("{", 400), ("[]", 400), (large, 413)])
            await CountedAsync(BadMessages, "POST", "/mcp", body, status);
        foreach (var body in (string[])["""{"jsonrpc":"2.0","id":1,"method":"\ud800","params":{}}""", """{"jsonrpc":"2.0","id":"\ud800","method":"tools/list","params":5}"""])
            await CountedAsync(BadMessages, "POST", "/mcp", body, 400);
        foreach (var (method, parameters) in ((string, string)[])[("initialize", "{}"), ("initialize", """{"protocolVersion":5}"""), ("tools/call", """{"name":5}"""), ("tools/call", "[]"), ("tools/call", """{"name":"read_scores","arguments":[]}"""), ("resources/read", """{"uri":5}""")])
        {
            var told = await CountedAsync(BadMessages, "POST", "/mcp", $$"""{"jsonrpc":"2.0","id":7,"method":"{{method}}","params":{{parameters}}}""", 200);
            Assert.Equal((-32602, 7), (told.Json["error"]!["code"]!.GetValue<int>(), told.Json["id"]!.GetValue<int>()));
            Assert.StartsWith("params", told.Json["error"]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
        }

        await CountedAsync("flywheel_exports_total{table=\"scores\",outcome=\"invalid\"}", "GET", "/v1/campaigns/spring/scores/export?format=xml", null, 400);
        await CountedAsync("flywheel_exports_total{table=\"scores\",outcome=\"invalid\"}", "GET", "/v1/campaigns/No!/scores/export", null, 404);
        await CountedAsync("flywheel_exports_total{table=\"log\",outcome=\"invalid\"}", "GET", "/v1/campaigns/spring/log?segment=nobody", null, 400);

        await CountedAsync($"{BadCampaigns}{{reason=\"invalid\"}}", "PUT", "/v1/campaigns/spring", "{}", 400);
        await CountedAsync($"{BadCampaigns}{{reason=\"invalid\"}}", "PUT", "/v1/campaigns/No!", NativeBids.Document, 400);

        Assert.Equal(before, await StateAsync());
    }

    [Fact]
    public async Task Campaign_ThatCannotBeStored_IsCountedByItsReason()
    {
        (await Api.PutAsync("/v1/campaigns/narrow", Wire.Campaign([2]))).Expect(201);
        (await Api.PostAsync("/v1/campaigns/narrow/slots/headline/modules/h2/stop", "")).Expect(200);

        await CountedAsync($"{BadCampaigns}{{reason=\"stopped\"}}", "PUT", "/v1/campaigns/narrow", Wire.Campaign([Wire.Slot("headline", Wire.Module("h2", "Text 2"))]), 422);

        Assert.Equal(0, await Api.MetricAsync($"{BadCampaigns}{{reason=\"invalid\"}}"));
    }

    [Fact]
    public async Task Input_ThatIsGood_IsCountedAsDone()
    {
        const string Body = """{"context":{"targetingKey":"u"}}""";
        await CountedAsync($"{Flags}{{outcome=\"done\"}}", "POST", Flag, Body, 200);
        var tag = (await CountedAsync($"{Flags}{{outcome=\"done\"}}", "POST", "/ofrep/v1/evaluate/flags", Body, 200)).Headers.ETag!;
        await CountedAsync($"{Flags}{{outcome=\"unchanged\"}}", "POST", "/ofrep/v1/evaluate/flags", Body, 304, known: tag);
        var decision = await Api.DecideAsync("spring");

        var sent = $$"""{"specversion":"1.0","id":"e-1","source":"/shop","type":"t","data":{{Wire.Signal(decision, "click")}}}""";
        await CountedAsync("flywheel_cloudevents_total{outcome=\"accepted\"}", "POST", "/v1/signals", sent, 202, Event);
    }

    /// <summary>Sends, and checks that a series rose by one.</summary>
    private async Task<Answer> CountedAsync(string series, string method, string path, string? body, int status, string type = Json, string? encoding = null, EntityTagHeaderValue? known = null)
    {
        var before = await Api.MetricAsync(series);
        using var request = new HttpRequestMessage { Content = body is null ? null : Api.Body(body, type) };
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        if (encoding is not null)
            request.Content!.Headers.ContentEncoding.Add(encoding);
        if (known is not null)
            request.Headers.IfNoneMatch.Add(known);

        var answer = (await Api.SendAsync(request, new HttpMethod(method), path)).Expect(status);

        var after = await Api.MetricAsync(series);
        Assert.True(after == before + 1, $"Expected {series} {before + 1} after {method} {path} {status}; came {after}.");
        return answer;
    }

    /// <summary>All that bad input could have changed.</summary>
    private async Task<string> StateAsync()
    {
        var scores = await Api.ScoresAsync("spring");
        return new JsonObject
        {
            ["campaigns"] = (await Api.GetAsync("/v1/campaigns")).Expect(200).Json,
            ["campaign"] = (await Api.GetAsync("/v1/campaigns/spring")).Expect(200).Json,
            ["webhooks"] = (await Api.GetAsync("/v1/webhooks")).Expect(200).Json,
            ["ledger"] = scores.Ledger.ToString(),
            ["decisions"] = await Api.MetricAsync("flywheel_decisions_total{reason=\"fallback\"}"),
            ["entries"] = (await Api.GetAsync("/v1/campaigns/spring/history")).Expect(200).Json,
        }.ToJsonString();
    }
}
