using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Flywheel.Domain.Access;
using Flywheel.Silo.Tests;
using Microsoft.Playwright;

namespace Flywheel.Dashboard.Tests;

/// <summary>An engine with API keys, and somebody who has one.</summary>
public sealed class SignInTests(Site site)
{
    private static readonly string[] Rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("en", "light", "Sign in", "Sign out")]
    [InlineData("fr", "dark", "Se connecter", "Se déconnecter")]
    public async Task Key_ShownOnce_OpensTheDashboardUntilOneSignsOut(string language, string theme, string enter, string leave)
    {
        Assert.SkipWhen(Site.Chromium is null, "chromium is missing");
        using var data = new TempFolder();
        var (key, file) = (ApiKeyText.New(), data.File("keys.json"));
        await File.WriteAllBytesAsync(file, ApiKeyDocument.Write([ApiKeyText.Keep(key, "acme", "operate")]), Cancel);
        await using var engine = await EngineProcess.StartAsync(data, "--api-keys", file);
        engine.Api.Http.DefaultRequestHeaders.Authorization = new("Bearer", key);
        (await engine.Api.PutAsync("/v1/campaigns/spring", """{"slots":[{"id":"headline","modules":[{"id":"h1","content":{"text":"One"}},{"id":"h2","content":{"text":"Two"}}]}]}""")).Expect(201);
        await using var visit = await Visit.OpenAsync(site.Browser, engine.Api.Http.BaseAddress!, "#/campaigns/spring", language, theme, mayFail: "/v1/");
        var page = visit.Page;
        var field = page.Locator(".sign-in input");
        await field.WaitForAsync();
        var found = await page.RunAxe(new AxeRunOptions { RunOnly = new RunOnlyOptions { Type = "tag", Values = [.. Rules] } });
        Assert.True(found.Violations.Length == 0, string.Join('\n', found.Violations.SelectMany(each => each.Nodes.Select(node => $"{each.Id}: {node.Html}"))));

        await field.FillAsync("flw_nonsense");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator(".sign-in [role=alert]").WaitForAsync();
        await field.FillAsync(key);
        await page.GetByRole(AriaRole.Button, new() { Name = enter, Exact = true }).ClickAsync();
        await page.Locator(".table .row .module").First.WaitForAsync();
        await page.Locator(".connection.live").WaitForAsync();

        // A change goes through, and the engine as a whole is not for this key.
        await page.Locator("[aria-label*='h2']").First.WaitForAsync();
        Assert.Equal(0, await page.Locator("a[href='#/operations']").CountAsync());
        Assert.DoesNotContain(key, await page.EvaluateAsync<string>("JSON.stringify([document.cookie, {...localStorage}, {...sessionStorage}])"), StringComparison.Ordinal);
        await page.ReloadAsync();
        await page.Locator(".table .row .module").First.WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = leave, Exact = true }).ClickAsync();
        await field.WaitForAsync();
        visit.ExpectNoFaults();
    }

    [Fact]
    public async Task Key_ThatIsRevoked_EndsWhatItOpened()
    {
        Assert.SkipWhen(Site.Chromium is null, "chromium is missing");
        using var data = new TempFolder();
        var (key, file) = (ApiKeyText.New(), data.File("keys.json"));
        await File.WriteAllBytesAsync(file, ApiKeyDocument.Write([ApiKeyText.Keep(key, "default", "admin")]), Cancel);
        await using var engine = await EngineProcess.StartAsync(data, "--api-keys", file);
        await using var visit = await Visit.OpenAsync(site.Browser, engine.Api.Http.BaseAddress!, "#/operations", mayFail: "/v1/");
        await visit.Page.Locator(".sign-in input").FillAsync(key);
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.Page.Locator(".partitions > li").First.WaitForAsync();

        await File.WriteAllBytesAsync(file, ApiKeyDocument.Write([]), Cancel);

        await visit.Page.Locator(".sign-in input").WaitForAsync();
        visit.ExpectNoFaults();
    }

    [Fact]
    public async Task Docs_InABrowser_ShowTheApiAndAskNobodyElse()
    {
        Assert.SkipWhen(Site.Chromium is null, "chromium is missing");
        await using var visit = await Visit.OpenAsync(site.Browser, site.Url, "docs/", mayFail: "scalar.js");
        await visit.Page.GetByText("/v1/session").First.WaitForAsync();
        visit.ExpectNoFaults();
    }
}
