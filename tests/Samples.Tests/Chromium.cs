using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Flywheel.Samples.Tests;

/// <summary>Debian's chromium, and what goes wrong on the pages that it opens.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;
    private readonly ConcurrentQueue<string> _faults = [];

    private Chromium(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    public IReadOnlyCollection<string> Faults => _faults;

    /// <summary>Skips the test where there is none.</summary>
    public static async Task<Chromium> StartAsync()
    {
        var program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, "chromium")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(program is null, "chromium is missing");
        var playwright = await Playwright.CreateAsync();
        return new Chromium(playwright, await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = program,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"],
        }));
    }

    public async Task<IPage> OpenAsync(string url)
    {
        var page = await _browser.NewPageAsync();
        page.Console += (_, message) => _faults.Enqueue($"console {message.Type}: {message.Text}");
        page.PageError += (_, error) => _faults.Enqueue($"error: {error}");
        await page.GotoAsync(url);
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
