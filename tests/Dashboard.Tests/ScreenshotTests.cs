using Microsoft.Playwright;

namespace Flywheel.Dashboard.Tests;

/// <summary>Makes the screenshots of the documentation; asked for by <c>docs/screenshots.sh</c> alone.</summary>
public sealed class ScreenshotTests(Site site)
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("FLYWHEEL_SCREENSHOTS");

    [Fact]
    public async Task Pages_LightAndDark_AreDrawn()
    {
        Assert.SkipWhen(Folder is null, "made by docs/screenshots.sh");
        Assert.SkipWhen(Site.Chromium is null, "chromium is missing");
        var pages = PageTests.Pages.Where(page => page.Key != "#/nowhere").Append(new("#/campaigns/demo", ".table .row .module")).ToList();
        await site.ServeAsync(3_000);
        foreach (var theme in new[] { "light", "dark" })
        {
            foreach (var (route, there) in pages)
                await DrawAsync(route, there, theme, "en", 1280, 900, "");
        }
        await DrawAsync("#/campaigns/spring", ".table .row .module", "light", "fr", 360, 780, "-phone");
        await DrawAsync("#/campaigns/spring/inbox", ".proposal", "light", "fr", 360, 780, "-phone");
        await DrawAsync("#/operations", ".partitions > li", "light", "fr", 360, 780, "-phone");
        await DrawAsync("#/campaigns/spring", ".table .row .module", "dark", "fr", 2560, 1440, "-wall");
        await DrawAsync("#/operations", ".partitions > li", "dark", "fr", 2560, 1440, "-wall");
    }

    private async Task DrawAsync(string route, string there, string theme, string language, int width, int height, string kind)
    {
        await using var visit = await Visit.OpenAsync(site.Browser, site.Url, route, language, theme, width, height);
        await visit.Page.Locator(there).First.WaitForAsync();
        await visit.Page.WaitForTimeoutAsync(route.EndsWith("demo", StringComparison.Ordinal) || route.EndsWith("experiment", StringComparison.Ordinal) ? 7_000 : 1_000);
        var name = route[2..].Replace("campaigns/", "", StringComparison.Ordinal).Replace("spring", "live", StringComparison.Ordinal).Replace("live/", "", StringComparison.Ordinal);
        var path = Path.Combine(Folder!, $"{name}-{theme}{kind}.png");
        await visit.Page.ScreenshotAsync(new PageScreenshotOptions { Path = path });
        Assert.True(File.Exists(path));
    }
}
