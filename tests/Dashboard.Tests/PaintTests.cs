using System.Globalization;
using Microsoft.Playwright;

namespace Flywheel.Dashboard.Tests;

/// <summary>How soon a page shows what it is about, on loopback. Each run writes its figures into its output; what is checked is a comparison.</summary>
[Trait("Runs", "Alone")]
public sealed class PaintTests(Site site)
{
    private const int Visits = 7;

    [Theory]
    [InlineData("#/campaigns", ".card")]
    [InlineData("#/campaigns/spring", ".table .row .module")]
    [InlineData("#/operations", ".partitions > li")]
    public async Task Page_OpenedAgain_ShowsItsFiguresNoLaterThanAtFirst(string route, string there)
    {
        Assert.SkipWhen(Site.Chromium is null, "chromium is missing");
        var (first, again) = (new List<double>(), new List<double>());
        for (var i = 0; i < Visits; i++)
        {
            await using var context = await site.Browser.NewContextAsync();
            first.Add(await UsefulAsync(context, route, there));
            again.Add(await UsefulAsync(context, route, there));
        }
        var (cold, warm) = (Median(first), Median(again));
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{route}: first useful paint after {cold:F0} ms, {warm:F0} ms with its files in the browser's cache"));
        Assert.True(warm <= cold * 1.5, $"Expected a page whose files are cached to show no later; came {warm:F0} ms after {cold:F0} ms");
    }

    /// <summary>Milliseconds from the start of the navigation to the frame after what the page is about is in it.</summary>
    private async Task<double> UsefulAsync(IBrowserContext context, string route, string there)
    {
        var page = await context.NewPageAsync();
        await page.AddInitScriptAsync($$"""
            new MutationObserver((_, observer) => {
              if (!document.querySelector('{{there}}')) return;
              observer.disconnect();
              requestAnimationFrame(() => setTimeout(() => (window.useful = performance.now())));
            }).observe(document, { childList: true, subtree: true });
            """);
        await page.GotoAsync(new Uri(site.Url, $"/{route}").ToString());
        await page.WaitForFunctionAsync("() => window.useful > 0");
        var useful = await page.EvaluateAsync<double>("() => window.useful");
        await page.CloseAsync();
        return useful;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
