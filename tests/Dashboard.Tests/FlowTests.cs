using System.Text.RegularExpressions;
using Flywheel.Silo.Tests;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;

namespace Flywheel.Dashboard.Tests;

/// <summary>What people do in the dashboard, and what comes of it in the engine.</summary>
public sealed class FlowTests(Site site)
{
    private static readonly Regex Lost = new("lost|unreachable|cannot be reached");
    private static readonly Regex Age = new(@"from \d+\s?s(ec\.?)? ago");

    [Fact]
    public async Task Html_Served_CarriesAPolicyThatAllowsNothingFromElsewhere()
    {
        using var answer = await site.Api.Http.GetAsync("/", TestContext.Current.CancellationToken);
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
        (await site.Api.GetAsync("/assets/../appsettings.json")).Expect(404);
    }

    /// <summary>Without the option the placeholder stands there, as on every other visit: those expect no request to another origin.</summary>
    [Fact]
    public async Task Image_OfAnOriginThatTheOperatorAllows_IsShown()
    {
        Assert.SkipWhen(Site.Chromium is null, "chromium is missing");
        using var data = new TempFolder();
        await using var engine = await EngineProcess.StartAsync(data, "--image-origins", "https://cdn.example");
        (await engine.Api.PutAsync("/v1/campaigns/spring", """
            { "name": "Spring", "slots": [ { "id": "image", "kind": "image", "modules": [ { "id": "i1", "content": { "url": "https://cdn.example/run.svg", "alt": "A runner" } } ] } ] }
            """)).Expect(201);
        await using var context = await site.Browser.NewContextAsync();
        await context.RouteAsync("https://cdn.example/**", route => route.FulfillAsync(new() { ContentType = "image/svg+xml", Body = "<svg xmlns='http://www.w3.org/2000/svg' width='8' height='8'/>" }));
        var page = await context.NewPageAsync();
        await page.GotoAsync(new Uri(engine.Api.Http.BaseAddress!, "#/campaigns/spring").ToString());

        await page.Locator("img[alt='A runner']").First.WaitForAsync();
        Assert.True(await page.EvaluateAsync<bool>("async () => { const image = document.querySelector('img'); await image.decode(); return image.naturalWidth > 0; }"));
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
    public async Task Inbox_EditedByKeyboard_SaysWhatIsWrongAtTheFieldAndNeedsApprovalAgain()
    {
        Assert.SkipWhen(Site.Chromium is null, "chromium is missing");
        var campaign = await NewCampaignAsync("edit-flow");
        (await site.Api.PostAsync($"/v1/campaigns/{campaign}/slots/headline/refresh", "")).Expect(202);
        await using var visit = await Visit.OpenAsync(site.Browser, site.Url, $"#/campaigns/{campaign}/inbox", mayFail: "/edit");
        await visit.Page.Locator(".proposal").WaitForAsync();
        await visit.Page.Keyboard.PressAsync("e");
        var text = visit.Page.Locator("dialog textarea").First;
        await text.FillAsync(new string('x', 91));
        await visit.Page.Locator("dialog button[type=submit]").ClickAsync();
        await visit.Page.Locator("#edit-text[aria-invalid=true]").WaitForAsync();
        Assert.Contains("90", await visit.Page.Locator($"#{await text.GetAttributeAsync("aria-describedby")}").TextContentAsync(), StringComparison.Ordinal);
        await text.FillAsync("Shoes that your knees will like");
        await visit.Page.Locator("dialog button[type=submit]").ClickAsync();
        await visit.Page.GetByText("It awaits approval").WaitForAsync();
        var pending = Assert.Single((await site.Api.GetAsync($"/v1/campaigns/{campaign}/proposals?status=pending")).Expect(200).Json["proposals"]!.AsArray())!;
        Assert.Equal(("person", "Shoes that your knees will like"), (pending["writer"]!.GetValue<string>(), pending["module"]!["content"]!["text"]!.GetValue<string>()));
        await visit.Page.Locator(".proposal .seen").GetByText("will like").WaitForAsync();
        visit.ExpectNoFaults();
    }

    [Fact]
    public async Task Inbox_ApprovedAndTakenBack_IsServedNoMore()
    {
        Assert.SkipWhen(Site.Chromium is null, "chromium is missing");
        var campaign = await NewCampaignAsync("undo-flow");
        (await site.Api.PostAsync($"/v1/campaigns/{campaign}/slots/headline/refresh", "")).Expect(202);
        await using var visit = await Visit.OpenAsync(site.Browser, site.Url, $"#/campaigns/{campaign}/inbox");
        await visit.Page.Locator(".proposal").WaitForAsync();
        await visit.Page.Keyboard.PressAsync("a");
        await visit.Page.GetByText("is approved").WaitForAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Decided" }).ClickAsync();
        await visit.Page.Locator(".proposal .badge.good").WaitForAsync();
        await visit.Page.Locator("main").PressAsync("z");
        await visit.Page.GetByText("no silo serves it any more").WaitForAsync();
        Assert.All(await site.Api.DecideManyAsync(campaign, 200), decision => Assert.NotEqual("h3", decision.Variant["headline"].Module));
        visit.ExpectNoFaults();
    }

    [Fact]
    public async Task Live_Pinned_SaysSoUntilUnpinned()
    {
        Assert.SkipWhen(Site.Chromium is null, "chromium is missing");
        var campaign = await NewCampaignAsync("pin-flow");
        await using var visit = await Visit.OpenAsync(site.Browser, site.Url, $"#/campaigns/{campaign}");
        await visit.Page.GetByLabel("Pin h2", new() { Exact = true }).ClickAsync();
        await visit.Page.Locator(".standing", new() { HasText = "Pinned" }).WaitForAsync();
        Assert.Equal(["h2"], await PinnedAsync());
        await visit.Page.GetByLabel("Unpin h2").ClickAsync();
        await visit.Page.Locator(".standing").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        Assert.Empty(await PinnedAsync());
        visit.ExpectNoFaults();

        async Task<IEnumerable<string>> PinnedAsync() =>
            (await site.Api.GetAsync($"/v1/campaigns/{campaign}/modules")).Expect(200).Json["modules"]!.AsArray().Where(module => module!["pinned"]!.GetValue<bool>()).Select(module => module!["id"]!.GetValue<string>());
    }

    [Fact]
    public async Task History_Narrowed_IsExportedAsItIsNarrowed()
    {
        Assert.SkipWhen(Site.Chromium is null, "chromium is missing");
        await using var visit = await Visit.OpenAsync(site.Browser, site.Url, "#/campaigns/spring/history");
        await visit.Page.Locator(".history > li").First.WaitForAsync();
        var all = await visit.Page.Locator(".history > li").CountAsync();
        await visit.Page.GetByRole(AriaRole.Combobox, new() { Name = "What" }).SelectOptionAsync("created");
        await visit.Page.Locator(".history > li").Nth(1).WaitForAsync(new() { State = WaitForSelectorState.Detached });
        Assert.True(all > 1);
        var link = await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Export CSV" }).GetAttributeAsync("href");
        var lines = (await site.Api.GetAsync(link!)).Expect(200).Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.Contains("created", lines[1], StringComparison.Ordinal);
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
            Assert.Matches(Age, await visit.Page.Locator(".lost-bar").TextContentAsync() ?? "");
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

    [Fact]
    public async Task Row_PointedAtOnAPhone_DoesNotMove()
    {
        Assert.SkipWhen(Site.Chromium is null, "chromium is missing");
        await using var visit = await Visit.OpenAsync(site.Browser, site.Url, "#/campaigns/spring", "fr", width: 360);
        var row = visit.Page.Locator(".table .row .module").First;
        await row.WaitForAsync();
        var before = await row.BoundingBoxAsync();
        await row.HoverAsync();
        await visit.Page.GetByText("Ordre figé").WaitForAsync();
        Assert.Equal(before!.Y, (await row.BoundingBoxAsync())!.Y);
        await row.ClickAsync();
        await visit.Page.Locator("dialog .pairs").WaitForAsync();
        visit.ExpectNoFaults();
    }

    /// <summary>The engine is heard, then says nothing more: the page's clock is put on rather than waited for.</summary>
    [Fact]
    public async Task Page_WhoseEngineFallsSilent_SaysHowOldItsFiguresAreAndAsksAgain()
    {
        Assert.SkipWhen(Site.Chromium is null, "chromium is missing");
        var scores = (await site.Api.GetAsync($"/v1/campaigns/{Site.Campaign}/scores")).Expect(200).Json.ToJsonString();
        var asked = 0;
        await using var between = await Between.StartAsync(site.Api.Http, async context =>
        {
            Interlocked.Increment(ref asked);
            await context.Response.WriteAsync($"event: scores\ndata: {scores}\n\n", context.RequestAborted);
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        await using var visit = await Visit.OpenAsync(site.Browser, new Uri(between.Urls.First()), $"#/campaigns/{Site.Campaign}");
        await visit.Page.GetByLabel("Stop h2").WaitForAsync();
        await visit.Page.Clock.InstallAsync();
        await visit.Page.Clock.FastForwardAsync(25_000);
        await visit.Page.Locator(".lost-bar.stale").WaitForAsync();
        Assert.Matches(Age, await visit.Page.Locator(".lost-bar").TextContentAsync() ?? "");
        Assert.True(await visit.Page.GetByLabel("Stop h2").IsVisibleAsync());
        await visit.Page.Clock.FastForwardAsync(20_000);
        await visit.Page.Locator(".lost-bar").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        Assert.True(asked > 1);
        visit.ExpectNoFaults();
    }

    [Fact]
    public async Task Figures_WhilePaused_HoldStill()
    {
        Assert.SkipWhen(Site.Chromium is null, "chromium is missing");
        await using var visit = await Visit.OpenAsync(site.Browser, site.Url, "#/campaigns/demo");
        var figures = visit.Page.Locator(".totals dd");
        await visit.Page.Locator(".table .row .module").First.WaitForAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Pause updates" }).First.ClickAsync();
        var before = await figures.AllTextContentsAsync();
        await visit.Page.WaitForTimeoutAsync(2_000);
        Assert.Equal(before, await figures.AllTextContentsAsync());
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Resume updates" }).First.ClickAsync();
        await visit.Page.WaitForFunctionAsync("before => document.querySelector('.totals dd').textContent !== before", before[0]);
        visit.ExpectNoFaults();
    }

    [Theory]
    [InlineData(ReducedMotion.NoPreference, false, true)]
    [InlineData(ReducedMotion.Reduce, false, false)]
    [InlineData(ReducedMotion.NoPreference, true, false)]
    public async Task Motion_OnlyWhereNeitherSystemNorPersonObjects(ReducedMotion motion, bool paused, bool moves)
    {
        Assert.SkipWhen(Site.Chromium is null, "chromium is missing");
        await using var visit = await Visit.OpenAsync(site.Browser, site.Url, "#/campaigns", motion: motion);
        await visit.Page.Locator(".card").First.WaitForAsync();
        if (paused)
            await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Pause updates" }).First.ClickAsync();
        var name = await visit.Page.EvaluateAsync<string>("() => { const bone = document.createElement('div'); bone.className = 'bone'; document.querySelector('main').append(bone); return getComputedStyle(bone).animationName; }");
        Assert.Equal(moves ? "breathe" : "none", name);
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
