using System.Security.Cryptography;
using System.Text.Json;
using Flywheel.TestKit;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Trace;

namespace Flywheel.Silo.Tests.Operating;

/// <summary>Traces as a collector gets them: connected from the request to the store and the model, and plain.</summary>
public sealed class TracingTests : IAsyncLifetime
{
    private const string Brand = "Astersecret";
    private const string Unit = "person-4711";
    private const string Written = "Miles feel shorter";

    private readonly TempFolder _data = new();
    private OtlpReceiver _receiver = null!;
    private ModelServer _model = null!;
    private Engine _engine = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _receiver = await OtlpReceiver.StartAsync();
        _model = await ModelServer.StartAsync(Cancel);
        _model.Says(JsonSerializer.Serialize(new { candidates = new[] { new { text = Written, attributes = new { angle = "benefit" } } } })).Says("""{"findings":[]}""");
        _engine = await Engine.StartAsync(_data, args: ["--otlp-endpoint", _receiver.Url, "--trace-ratio", "1", "--model-url", $"{_model.Url}", "--model", "double"]);
        (await _engine.Api.PutAsync("/v1/campaigns/spring", Wire.Spring.Replace("Aster", Brand, StringComparison.Ordinal))).Expect(201);
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        await _model.DisposeAsync();
        await _receiver.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public async Task Refresh_WithAModel_IsOneTraceFromTheRequestOverGrainsToTheStoreAndTheModel()
    {
        var trace = await SendAsync(HttpMethod.Post, "/v1/campaigns/spring/slots/headline/refresh", "");

        var spans = await SpansAsync(trace, "POST /v1/campaigns/{id}/slots/{slot}/refresh", "IMessagingGrain/", "ICopywriterGrain/WriteAsync", "agents write", "chat", "agents review", "IMessagingGrain/DeliverAsync", "write storage");

        Assert.Contains(spans, span => span.Name == "chat" && span.Tags["gen_ai.request.model"] == "double" && span.Tags.ContainsKey("gen_ai.usage.input_tokens"));
        Assert.Contains(spans, span => span.Name == "agents write" && span.Tags["flywheel.campaign"] == "spring");
        Assert.Equal(2, _model.Requests.Length);
    }

    [Fact]
    public async Task Signals_Appended_AreOneTraceFromTheRequestOverTheLogToTheCommit()
    {
        // A partition that has just committed commits the next signals a little later, and not for this request alone.
        for (var attempt = 0; ; attempt++)
        {
            var decision = await _engine.Api.DecideAsync("spring", $"\"unit\":\"{Unit}\"");
            var trace = await SendAsync(HttpMethod.Post, "/v1/signals", Wire.Signal(decision, "impression"));
            var spans = await SpansAsync(trace, "POST /v1/signals", "signals append", "store append", "IPartitionGrain/NudgeAsync");
            string[] counted = ["store read", "store commit", "ISegmentGrain/ApplyAsync"];
            if (attempt < 20 && !counted.All(name => spans.Any(span => span.Name == name)))
            {
                // Until the partition has nothing to wait for.
                await Task.Delay(TimeSpan.FromMilliseconds(200), Cancel);
                continue;
            }
            spans = await SpansAsync(trace, counted);
            Assert.Contains(spans, span => span.Name == "store append" && span.Tags["db.system.name"] == "sqlite");
            return;
        }
    }

    [Fact]
    public async Task Spans_OfRequestsWithNamesTokensAndTexts_HoldNoneOfThem()
    {
        var decision = await _engine.Api.DecideAsync("spring", $"\"unit\":\"{Unit}\"");
        await SendAsync(HttpMethod.Get, $"/v1/b/impression/{decision.DecisionId}.gif?unit={Unit}", null);
        await SendAsync(HttpMethod.Post, "/v1/signals", Wire.Signal(decision, "click", "order-of-4711"));
        await SendAsync(HttpMethod.Get, $"/v1/campaigns/{Unit}?key={Unit}", null, 404);
        var last = await SendAsync(HttpMethod.Post, "/v1/campaigns/spring/slots/headline/refresh", "");
        await SpansAsync(last, "agents review", "chat");

        var text = _receiver.Text;
        Assert.Contains("/v1/b/{type}/{decisionId}", text, StringComparison.Ordinal);
        foreach (var secret in (string[])[Unit, "4711", Brand, Written, "Run lighter", decision.DecisionId, decision.DecisionId[..20]])
            Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
    }

    /// <summary>Sends a request that is part of a trace, and returns the trace.</summary>
    private async Task<string> SendAsync(HttpMethod method, string path, string? body, int? status = null)
    {
        var trace = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : Api.Body(body) };
        request.Headers.Add("traceparent", $"00-{trace}-00f067aa0ba902b7-01");
        using var response = await _engine.Api.Http.SendAsync(request, Cancel);
        Assert.True(status is null ? response.IsSuccessStatusCode : (int)response.StatusCode == status, $"{path} answered {response.StatusCode}");
        return trace;
    }

    /// <summary>The spans of a trace, once those of these names are there; each of them hangs on another, the first on the caller's.</summary>
    private async Task<List<OtlpSpan>> SpansAsync(string trace, params string[] names)
    {
        var provider = _engine.Services.GetRequiredService<TracerProvider>();
        var spans = await Eventually.ReadsAsync(
            () =>
            {
                provider.ForceFlush();
                return Task.FromResult(_receiver.Spans.Where(span => span.Trace == trace).ToList());
            },
            spans => names.All(name => spans.Any(span => span.Name.StartsWith(name, StringComparison.Ordinal))) && IsConnected(spans),
            $"connected spans named {string.Join(", ", names)}",
            spans => string.Join(", ", spans.Select(span => $"{span.Name} ({span.Id} below {span.Parent})")));
        return spans;
    }

    private static bool IsConnected(List<OtlpSpan> spans)
    {
        var known = spans.Select(span => span.Id).Append("00f067aa0ba902b7").ToHashSet();
        return spans.All(span => known.Contains(span.Parent));
    }
}
