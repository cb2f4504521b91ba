using System.Text.RegularExpressions;
using Flywheel.Silo.Tests;
using Microsoft.Playwright;

namespace Flywheel.Dashboard.Tests;

/// <summary>What people do in the dashboard, and what comes of it in the engine.</summary>
public sealed class FlowTests(Site site)
{
    private static readonly Regex Lost = new("lost|unreachable|cannot be reached");

    [Fact]
    public async Task Html_Served_CarriesAPolicyThatAllowsNothingFromElsewhere()
    {
        Assert.SkipWhen(Site.Chromium is null, "chromium is missing");
        using var answer = await site.Api.Http.GetAsync("/", TestContext.Current.CancellationToken);
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
        (await site.Api.GetAsync("/assets/../appsettings.json")).Expect(404);
    }

    [Fact]
    public async Task Inbox_ApprovedByKeyboard_IsServed()
    {
        Assert.SkipWhen(Site.Chromium is null, "chromium is missing");
        var campaign = await NewCampaignAsync("inbox-flow");
        (await site.Api.PostAsync($"/v1/campaigns/{campaign}/slots/headline/refresh", "")).Expect(202);
        await using var visit = await Visit.OpenAsync(site.Browser, site.Url, $"#/campaigns/{campaign}/inbox");
        await visit.Page.Locator(".proposal").WaitForAsync();
        await visit.Page.Keyboard.PressAsync("a");
        await visit.Page.Locator(".held-bar p").WaitForAsync();
        await visit.Page.Keyboard.PressAsync("z");
        await visit.Page.Locator(".held-bar p").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await visit.Page.Keyboard.PressAsync("a");
        await visit.Page.Locator(".toast").WaitForAsync();
        await Eventually.ReadsAsync(
            () => site.Api.DecideManyAsync(campaign, 200), decisions => decisions.Any(decision => decision.Variant["headline"].Module == "h3"), "the approved module h3 served",
            decisions => string.Join(',', decisions.Select(decision => decision.Variant["headline"].Module).Distinct()));
        await visit.Page.GetByText("Nothing awaits you").WaitForAsync();
        visit.ExpectNoFaults();
    }

    [Fact]
    public async Task Inbox_RejectedWithAReason_KeepsTheReason()
    {
        Assert.SkipWhen(Site.Chromium is null, "chromium is missing");
        var campaign = await NewCampaignAsync("reject-flow");
        (await site.Api.PostAsync($"/v1/campaigns/{campaign}/slots/headline/refresh", "")).Expect(202);
        await using var visit = await Visit.OpenAsync(site.Browser, site.Url, $"#/campaigns/{campaign}/inbox");
        await visit.Page.Locator(".proposal").WaitForAsync();
        await visit.Page.Keyboard.PressAsync("r");
        await visit.Page.Locator("dialog button[type=submit]").ClickAsync();
        await visit.Page.Locator("#comment-missing").WaitForAsync();
        await visit.Page.Locator("dialog textarea").FillAsync("too loud");
        await visit.Page.Locator("dialog button[type=submit]").ClickAsync();
        await visit.Page.Locator(".toast").WaitForAsync();
        var rejected = (await site.Api.GetAsync($"/v1/campaigns/{campaign}/proposals?status=rejected")).Expect(200).Json["proposals"]!.AsArray();
        Assert.Equal("too loud", Assert.Single(rejected)!["comment"]!.GetValue<string>());
        visit.ExpectNoFaults();
    }

    [Fact]
    public async Task Live_Stopped_IsGoneAndComesBack()
    {
        Assert.SkipWhen(Site.Chromium is null, "chromium is missing");
        var campaign = await NewCampaignAsync("stop-flow");
        await using var visit = await Visit.OpenAsync(site.Browser, site.Url, $"#/campaigns/{campaign}");
        await visit.Page.GetByLabel("Stop h2").ClickAsync();
        await visit.Page.GetByText("h2 is stopped").WaitForAsync();
        Assert.All(await site.Api.DecideManyAsync(campaign, 100), decision => Assert.Equal("h1", decision.Variant["headline"].Module));
        await visit.Page.GetByLabel("Stop h2").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await visit.Page.GetByLabel("Serve again: h2").ClickAsync();
        await visit.Page.GetByLabel("Stop h2").WaitForAsync();
        visit.ExpectNoFaults();
    }

    [Fact]
    public async Task Form_WithWhatTheEngineRefuses_ShowsItsMessageAtTheField()
    {
        Assert.SkipWhen(Site.Chromium is null, "chromium is missing");
        await using var visit = await Visit.OpenAsync(site.Browser, site.Url, "#/new", mayFail: "/v1/campaigns/made-by-form");
        await visit.Page.GetByLabel("Id", new() { Exact = true }).FillAsync("made-by-form");
        await visit.Page.GetByLabel("Text").First.FillAsync("One");
        await visit.Page.GetByLabel("Text").Nth(1).FillAsync("Two");
        await visit.Page.GetByLabel("Control share").FillAsync("2");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Create" }).ClickAsync();
        await visit.Page.Locator(".refused").WaitForAsync();
        var control = visit.Page.GetByLabel("Control share");
        Assert.Equal("true", await control.GetAttributeAsync("aria-invalid"));
        var described = await control.GetAttributeAsync("aria-describedby");
        Assert.Contains("expected", await visit.Page.Locator($"#{described!.Split(' ')[^1]}").TextContentAsync(), StringComparison.Ordinal);
        await control.FillAsync("0.1");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Create" }).ClickAsync();
        await visit.Page.Locator(".table .row .module").First.WaitForAsync();
        Assert.Equal(0.1, (await site.Api.GetAsync("/v1/campaigns/made-by-form")).Expect(200).Json["policy"]!["control"]!.GetValue<double>());
        visit.ExpectNoFaults();
    }

    [Fact]
    public async Task Page_WhoseEngineIsRestarted_KeepsItsFiguresAndReconnects()
    {
        Assert.SkipWhen(Site.Chromium is null, "chromium is missing");
        using var data = new TempFolder();
        Uri url;
        await using (var first = await EngineProcess.StartAsync(data))
        {
            url = first.Api.Http.BaseAddress!;
            (await first.Api.PutAsync("/v1/campaigns/kept", Two)).Expect(201);
            await using var visit = await Visit.OpenAsync(site.Browser, url, "#/campaigns/kept", mayFail: "/v1/");
            await visit.Page.Locator(".connection.live").WaitForAsync();
            await visit.Page.GetByLabel("Stop h2").WaitForAsync();
            first.Kill();
            await first.ExitAsync();
            await visit.Page.Locator(".lost-bar").WaitForAsync();
            Assert.Matches(Lost, await visit.Page.Locator(".lost-bar").TextContentAsync() ?? "");
            Assert.True(await visit.Page.GetByLabel("Stop h2").IsVisibleAsync());
            await using var second = await EngineProcess.StartAsync(data, "--urls", url.ToString());
            await visit.Page.Locator(".connection.live").WaitForAsync();
            await visit.Page.Locator(".lost-bar").WaitForAsync(new() { State = WaitForSelectorState.Detached });
            visit.ExpectNoFaults();
        }
    }

    [Fact]
    public async Task Order_WhilePointedAt_IsHeld()
    {
        Assert.SkipWhen(Site.Chromium is null, "chromium is missing");
        await using var visit = await Visit.OpenAsync(site.Browser, site.Url, "#/campaigns/demo");
        await visit.Page.Locator(".table .row .module").First.HoverAsync();
        await visit.Page.GetByText("Order held").WaitForAsync();
        var before = await visit.Page.Locator(".module-id").AllTextContentsAsync();
        await visit.Page.WaitForTimeoutAsync(1_500);
        Assert.Equal(before, await visit.Page.Locator(".module-id").AllTextContentsAsync());
        await visit.Page.Mouse.MoveAsync(2, 2);
        await visit.Page.GetByText("Order held").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        visit.ExpectNoFaults();
    }

    private const string Two = """
        {"brief":{"brand":"Aster","objective":"first orders","tone":["warm"],"language":"en"},
         "slots":[{"id":"headline","kind":"text","maxLength":90,"modules":[{"id":"h1","content":{"text":"Run lighter"}},{"id":"h2","content":{"text":"What your knees wish you knew"}}]}]}
        """;

    private async Task<string> NewCampaignAsync(string id)
    {
        (await site.Api.PutAsync($"/v1/campaigns/{id}", Two)).Expect(201);
        return id;
    }
}
