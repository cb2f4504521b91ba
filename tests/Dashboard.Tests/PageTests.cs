using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;

namespace Flywheel.Dashboard.Tests;

/// <summary>Every page in both languages and themes: it shows what it is about, axe finds nothing, nothing goes wrong.</summary>
public sealed class PageTests(Site site)
{
    /// <summary>Route, and what is there once the page has what it shows.</summary>
    public static readonly Dictionary<string, string> Pages = new()
    {
        ["#/campaigns"] = ".card",
        ["#/campaigns/spring"] = ".table .row .module",
        ["#/campaigns/spring/experiment"] = ".sentence",
        ["#/campaigns/spring/inbox"] = ".proposal",
        ["#/campaigns/spring/insights"] = ".insights > li, .empty",
        ["#/campaigns/spring/history"] = ".history > li",
        ["#/campaigns/spring/edit"] = ".editor .module-fields",
        ["#/operations"] = ".partitions > li",
        ["#/new"] = ".editor .module-fields",
        ["#/nowhere"] = ".empty",
    };

    /// <summary>What shows only once something is done: the route, what is pressed, and what is there then.</summary>
    private static readonly Dictionary<string, (string Route, string[] Press, string There)> Views = new()
    {
        ["by segment"] = ("#/campaigns/spring", [".views button:nth-child(2)"], ".heat-cell"),
        ["by channel"] = ("#/campaigns/spring", [".views button:nth-child(3)"], ".board table"),
        ["details of a module"] = ("#/campaigns/spring", [".table .row .module"], "dialog .pairs"),
        ["an edit"] = ("#/campaigns/spring/inbox", [".proposal > footer button:nth-child(2)"], "dialog textarea"),
        ["a rejection"] = ("#/campaigns/spring/inbox", [".proposal > footer button:nth-child(4)"], "dialog textarea"),
        ["lift as a table"] = ("#/campaigns/demo/experiment", [".chart-or-table > button"], ".chart-or-table table"),
        ["partitions as a table"] = ("#/operations", [".chart-or-table > button"], ".chart-or-table table"),
        ["earlier policies"] = ("#/campaigns/spring/history", [".go-back"], "dialog .moments input"),
        ["going back, before it is done"] = ("#/campaigns/spring/history", [".go-back", "dialog .moments input", "dialog button[type=submit]"], "dialog .sure"),
        ["webhooks"] = ("#/operations", [], ".webhooks tbody tr"),
    };

    private static readonly (string Language, string Theme)[] AllLooks = [("en", "light"), ("fr", "dark"), ("en", "dark"), ("fr", "light")];

    private static readonly string[] Rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

    public static IEnumerable<TheoryDataRow<string, string, string>> Looks =>
        from route in Pages.Keys from look in AllLooks select new TheoryDataRow<string, string, string>(route, look.Language, look.Theme);

    public static IEnumerable<TheoryDataRow<string, string, string>> ViewLooks =>
        from view in Views.Keys from look in AllLooks.Take(2) select new TheoryDataRow<string, string, string>(view, look.Language, look.Theme);

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task Page_InALanguageAndATheme_IsWithoutFaults(string route, string language, string theme)
    {
        Assert.SkipWhen(Site.Chromium is null, "chromium is missing");
        await using var visit = await Visit.OpenAsync(site.Browser, site.Url, route, language, theme);
        await visit.Page.Locator(Pages[route]).First.WaitForAsync();
        Assert.Equal(language, await visit.Page.EvaluateAsync<string>("document.documentElement.lang"));
        await ExpectAccessibleAsync(visit);
        visit.ExpectNoFaults();
    }

    [Theory]
    [MemberData(nameof(ViewLooks))]
    public async Task View_InALanguageAndATheme_IsWithoutFaults(string view, string language, string theme)
    {
        Assert.SkipWhen(Site.Chromium is null, "chromium is missing");
        var (route, press, there) = Views[view];
        await using var visit = await Visit.OpenAsync(site.Browser, site.Url, route, language, theme);
        foreach (var each in press)
            await visit.Page.Locator(each).First.ClickAsync();
        await visit.Page.Locator(there).First.WaitForAsync();
        await ExpectAccessibleAsync(visit);
        visit.ExpectNoFaults();
    }

    private static async Task ExpectAccessibleAsync(Visit visit)
    {
        var found = await visit.Page.RunAxe(new AxeRunOptions { RunOnly = new RunOnlyOptions { Type = "tag", Values = [.. Rules] } });
        Assert.True(found.Violations.Length == 0, string.Join('\n', found.Violations.SelectMany(each => each.Nodes.Select(node => $"{each.Id}: {each.Help}: {node.Html}"))));
    }

    [Theory]
    [InlineData(360)]
    [InlineData(768)]
    [InlineData(1100)]
    [InlineData(2560)]
    public async Task Page_OfAnyWidth_DoesNotScrollSideways(int width)
    {
        Assert.SkipWhen(Site.Chromium is null, "chromium is missing");
        foreach (var (route, there) in Pages)
        {
            await using var visit = await Visit.OpenAsync(site.Browser, site.Url, route, width: width);
            await visit.Page.Locator(there).First.WaitForAsync();
            var over = await visit.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
            Assert.True(over <= 0, $"{route} at {width} px: expected no sideways scrolling; came {over} px");
        }
    }
}
