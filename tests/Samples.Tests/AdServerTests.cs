using System.Globalization;
using Flywheel.Signals.Tests.Redis;
using Flywheel.Silo.Tests;
using Microsoft.Playwright;

namespace Flywheel.Samples.Tests;

/// <summary>The ad server in C#, the page that shows its ad and the dashboard of one file, in a real browser.</summary>
public sealed class AdServerTests : IAsyncLifetime
{
    private readonly TempFolder _data = new();
    private readonly string _url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{RedisServer.FreePort()}");
    private EngineProcess? _engine;
    private SampleProcess? _adServer;

    private Api Engine => _engine!.Api;

    public async ValueTask InitializeAsync()
    {
        _engine = await EngineProcess.StartAsync(_data, "--cors-origins", _url);
        _adServer = SampleProcess.StartDotnet("AdServer", "--engine", Engine.Http.BaseAddress!.ToString(), "--urls", _url);
        await _adServer.WritesAsync("Now listening on");
    }

    public async ValueTask DisposeAsync()
    {
        if (_adServer is not null)
            await _adServer.DisposeAsync();
        if (_engine is not null)
            await _engine.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public async Task AdServer_AskedAgain_AnswersAUnitTheSame()
    {
        using var api = new Api(new Uri(_url));

        var first = (await api.GetAsync("/ad?user=u-1&age=24")).Expect(200).Json;
        var again = (await api.GetAsync("/ad?user=u-1&age=24")).Expect(200).Json;

        Assert.Equal(first["headline"]!.GetValue<string>(), again["headline"]!.GetValue<string>());
        Assert.Contains("/v1/b/TYPE/", first["beacon"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_ThatIsSeenAndClicked_ShowsInTheScoresAndInTheDashboard()
    {
        await using var browser = await Chromium.StartAsync();
        var page = await browser.OpenAsync(_url);
        await page.Locator("#ad button").ClickAsync();

        var scores = await Eventually.ReadsAsync(
            () => Engine.ScoresAsync("shoes"), scores => scores.Segments.Sum(segment => segment.Reward) == 1, "a click that counts", scores => scores.Ledger);
        var young = scores.Segments.Single(segment => segment.Id == "young");
        Assert.Equal((1, 1), (young.Impressions, young.Reward));

        var dashboard = await browser.OpenAsync($"{_url}/dashboard.html?campaign=shoes&engine={Engine.Http.BaseAddress}".TrimEnd('/'));
        await dashboard.GetByRole(AriaRole.Status).Filter(new() { HasText = "Live, as of" }).WaitForAsync();
        var shown = await page.Locator("#ad h2").InnerTextAsync() == "Run lighter" ? "light" : "knees";
        var row = dashboard.Locator("tbody tr").Filter(new() { HasText = "young" }).Filter(new() { HasText = shown });
        Assert.Equal("1", await row.Locator("td").Nth(3).InnerTextAsync());
        Assert.Empty(browser.Faults);
    }

    [Fact]
    public async Task Api_ForPagesThatWereNotNamed_HasNoWord()
    {
        foreach (var (origin, named) in new[] { (_url, true), ("https://evil.example", false) })
        {
            using var request = new HttpRequestMessage();
            request.Headers.Add("Origin", origin);
            var answer = (await Engine.SendAsync(request, HttpMethod.Get, "/v1/campaigns")).Expect(200);
            Assert.Equal(named, answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var allowed) && allowed.Single() == origin);
            Assert.False(answer.Headers.Contains("Access-Control-Allow-Credentials"));
            using var change = new HttpRequestMessage();
            change.Headers.Add("Origin", origin);
            (await Engine.SendAsync(change, HttpMethod.Delete, "/v1/campaigns/shoes")).Expect(403);
        }
    }
}
