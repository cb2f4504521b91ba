using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Flywheel.Dashboard.Tests;

/// <summary>A page that somebody looks at, and all that went wrong there: console messages, errors, requests to another origin.</summary>
public sealed class Visit : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _faults = [];

    private Visit(IBrowserContext context, IPage page) => (_context, Page) = (context, page);

    public IPage Page { get; }

    public IReadOnlyCollection<string> Faults => _faults;

    /// <param name="motion">What the system is told to prefer.</param>
    /// <param name="mayFail">Part of an address whose failures are what the test is about.</param>
    public static async Task<Visit> OpenAsync(
        IBrowser browser, Uri url, string route, string language = "en", string theme = "light", int width = 1280, int height = 900, string? mayFail = null, ReducedMotion motion = ReducedMotion.Reduce)
    {
        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            Locale = language == "fr" ? "fr-FR" : "en-GB",
            ColorScheme = theme == "dark" ? ColorScheme.Dark : ColorScheme.Light,
            ReducedMotion = motion,
            ViewportSize = new ViewportSize { Width = width, Height = height },
        });
        var visit = new Visit(context, await context.NewPageAsync());
        visit.Page.SetDefaultTimeout(20_000);
        visit.Page.Console += (_, message) =>
        {
            if (mayFail is null || !message.Location.Contains(mayFail, StringComparison.Ordinal))
                visit._faults.Enqueue($"console {message.Type}: {message.Text} ({message.Location})");
        };
        visit.Page.PageError += (_, error) => visit._faults.Enqueue($"error: {error}");
        visit.Page.Request += (_, request) =>
        {
            if (new Uri(request.Url) is { IsFile: false, Scheme: "http" or "https" } asked && asked.Authority != url.Authority)
                visit._faults.Enqueue($"asked another origin: {request.Url}");
        };
        await visit.Page.GotoAsync(new Uri(url, $"/{route}").ToString());
        return visit;
    }

    public void ExpectNoFaults() => Assert.True(_faults.IsEmpty, string.Join('\n', _faults));

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
