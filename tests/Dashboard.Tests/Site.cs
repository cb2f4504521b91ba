using System.Text;
using System.Text.Json.Nodes;
using Flywheel.Silo.Tests;
using Microsoft.Playwright;

namespace Flywheel.Dashboard.Tests;

/// <summary>
/// An engine in a process of its own with the demo and a campaign that has real signals, and Debian's chromium to look at it. Where there is
/// no chromium the tests that look are skipped.
/// </summary>
public sealed class Site : IAsyncLifetime
{
    public const string Campaign = "spring";

    private const string Document = """
        {
          "name": "Spring shoes",
          "brief": { "brand": "Aster", "objective": "first orders", "tone": ["warm"], "language": "en", "neverSay": ["guaranteed"], "claims": ["free returns for 30 days"] },
          "slots": [
            { "id": "headline", "kind": "text", "maxLength": 90, "modules": [
              { "id": "h1", "content": { "text": "Run lighter this spring" }, "attributes": { "angle": "benefit" } },
              { "id": "h2", "content": { "text": "What your knees wish you knew" }, "attributes": { "angle": "curiosity" } },
              { "id": "h3", "content": { "text": "Free returns for 30 days, so try both sizes" }, "attributes": { "angle": "ease" } },
              { "id": "h4", "content": { "text": "<b>Not markup</b> & never will be" } } ] },
            { "id": "image", "kind": "image", "modules": [
              { "id": "i1", "content": { "url": "https://cdn.example/run.jpg", "alt": "A runner at dawn by the river" } },
              { "id": "i2", "content": { "url": "https://cdn.example/shoe.jpg", "alt": "A red shoe on white" } } ] } ],
          "segments": [
            { "id": "young-urban", "match": { "age": { "lt": 30 } } },
            { "id": "returning", "match": { "returning": true } } ],
          "rewards": { "click": 1 },
          "policy": { "control": 0.2 }
        }
        """;

    private static readonly string[] Segments = ["default", "young-urban", "returning"];
    private static readonly Dictionary<string, double> Rates = new() { ["h1"] = 0.10, ["h2"] = 0.21, ["h3"] = 0.14, ["h4"] = 0.06 };

    private readonly TempFolder _data = new();
    private IPlaywright? _playwright;
    private EngineProcess? _engine;

    /// <summary>The chromium on the path; null for none.</summary>
    public static string? Chromium { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .SelectMany(folder => new[] { Path.Combine(folder, "chromium"), Path.Combine(folder, "chromium-browser") }).FirstOrDefault(File.Exists);

    public IBrowser Browser { get; private set; } = null!;

    public Uri Url => Api.Http.BaseAddress!;

    internal Api Api => _engine!.Api;

    public async ValueTask InitializeAsync()
    {
        _engine = await EngineProcess.StartAsync(_data, "--demo");
        if (Chromium is not null)
            await StartBrowserAsync();
        (await Api.PutAsync($"/v1/campaigns/{Campaign}", Document)).Expect(201);
        (await Api.PutAsync("/v1/webhooks/ops", """{"url":"https://hooks.invalid/flywheel","description":"The team's channel","campaigns":["spring"]}""")).Expect(201);
        await ServeAsync(1_500);
        (await Api.PostAsync($"/v1/campaigns/{Campaign}/slots/headline/refresh", "")).Expect(202);
        await Eventually.ReadsAsync(PendingAsync, pending => pending.Count > 0, "a proposal");
        await Eventually.ReadsAsync(() => Api.ScoresAsync(Campaign), scores => scores.Segments.All(segment => segment.Impressions > 0), "counted signals");
    }

    private async Task StartBrowserAsync()
    {
        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Chromium,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"],
        });
    }

    public async Task<JsonArray> PendingAsync() =>
        (await Api.GetAsync($"/v1/campaigns/{Campaign}/proposals?status=pending")).Expect(200).Json["proposals"]!.AsArray();

    /// <summary>Serves decisions to each segment and reports what an audience with fixed tastes does with them.</summary>
    public async Task ServeAsync(int each)
    {
        var random = new Random(1);
        foreach (var segment in Segments)
        {
            var signals = new StringBuilder();
            var decisions = await Api.DecideManyAsync(Campaign, each, i => $"\"segment\":\"{segment}\",\"context\":{{\"channel\":\"{(i % 3 == 0 ? "email" : "web")}\"}}");
            foreach (var decision in decisions)
            {
                signals.AppendLine($$"""{"decisionId":"{{decision.DecisionId}}","type":"impression"}""");
                if (random.NextDouble() < Rates.GetValueOrDefault(decision.Variant["headline"].Module, 0.12))
                    signals.AppendLine($$"""{"decisionId":"{{decision.DecisionId}}","type":"click"}""");
            }
            (await Api.PostAsync("/v1/signals", signals.ToString(), Api.Lines)).Expect(202);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_playwright is not null)
            await Browser.DisposeAsync();
        _playwright?.Dispose();
        if (_engine is not null)
            await _engine.DisposeAsync();
        _data.Dispose();
    }
}
