using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace Flywheel.Dashboard.Tests;

/// <summary>
/// 5,120 modules. A server in between passes on all that the engine answers, and repeats the engine's own scores, their figures moved a little, as a
/// stream: of 2 a second, at which an update's cost is held to a bound, and of 10, of which the page's share of time is written into the output.
/// </summary>
[Trait("Runs", "Alone")]
public sealed class LoadTests(Site site)
{
    private const int Slots = 4;
    private const int ModulesPerSlot = 32;
    private const int Segments = 39;
    private const int Seconds = 10;

    /// <summary>
    /// What an update may cost, in readings of its JSON; about 10 were measured. Where one takes 55 ms, these are nine tenths of the main thread at ten
    /// updates a second.
    /// </summary>
    private const double MostReadings = 16;

    /// <summary>So far apart, an update's cost shows on a slow machine, too: there is time left for more than it may take.</summary>
    private static readonly TimeSpan FarApart = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task FiveThousandModules_AnUpdate_CostsFewReadingsOfItsJson()
    {
        Assert.SkipWhen(Site.Chromium is null, "chromium is missing");
        (await site.Api.PutAsync("/v1/campaigns/many", Document())).Expect(201);
        var events = await EventsAsync();
        var (sent, apart) = (0, FarApart);
        await using var between = await Between.StartAsync(site.Api.Http, async context =>
        {
            for (var i = 0; !context.RequestAborted.IsCancellationRequested; i++)
            {
                await context.Response.Body.WriteAsync(events[i % events.Length], context.RequestAborted);
                Interlocked.Increment(ref sent);
                await Task.Delay(apart, context.RequestAborted);
            }
        });
        await using var visit = await Visit.OpenAsync(site.Browser, new Uri(between.Urls.First()), "#/campaigns/many");
        await visit.Page.Locator(".table .row .module").First.WaitForAsync();
        await visit.Page.EvaluateAsync("document.querySelector('.tools button').click()");
        var rest = await BusyAsync(visit.Page);
        await visit.Page.EvaluateAsync("document.querySelector('.tools button').click()");
        await visit.Page.GetByLabel("Segment").SelectOptionAsync("*");
        await visit.Page.GetByText("1,280 rows").First.WaitForAsync();
        Assert.InRange(await visit.Page.Locator(".table .row").CountAsync(), 10, 400);
        // Below the heading.
        var row = visit.Page.Locator(".table .row").Nth(1);
        var (shown, before) = (await row.InnerTextAsync(), sent);
        var cost = await BusyAsync(visit.Page) * Seconds / (sent - before);
        Assert.NotEqual(shown, await row.InnerTextAsync());
        (apart, before) = (Apart, sent);
        var busy = await BusyAsync(visit.Page);
        var updates = (sent - before) / (double)Seconds;
        await visit.Page.EvaluateAsync("document.querySelector('.tools button').click()");
        var reading = await ReadSecondsAsync(visit.Page, events[0]);
        var readings = cost / reading;
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"main thread busy: {rest:P1} paused, {busy:P1} at {updates:F1} updates a second; an update took as long as {readings:F1} readings of its JSON ({1_000 * reading:F1} ms)"));
        Assert.True(readings < MostReadings, $"Expected an update that takes less than {MostReadings} readings of its JSON, so that the main thread has time left; it took {readings:F1} ({1_000 * reading:F1} ms each)");
        visit.ExpectNoFaults();
    }

    /// <summary>The share of time that the page's main thread works, from the browser's own count.</summary>
    private static async Task<double> BusyAsync(IPage page)
    {
        var session = await page.Context.NewCDPSessionAsync(page);
        await session.SendAsync("Performance.enable");
        var first = await TaskSecondsAsync(session);
        await page.WaitForTimeoutAsync(Seconds * 1_000);
        var busy = (await TaskSecondsAsync(session) - first) / Seconds;
        await session.DetachAsync();
        return busy;
    }

    /// <summary>How long the page takes to read an event's JSON and no more, in seconds: what this machine is at the moment.</summary>
    private static Task<double> ReadSecondsAsync(IPage page, byte[] sent) => page.EvaluateAsync<double>(
        """
        (text) => {
          const began = performance.now();
          for (let i = 0; i < 20; i++) JSON.parse(text);
          return (performance.now() - began) / 20_000;
        }
        """,
        System.Text.Encoding.UTF8.GetString(sent).Split("data: ")[1]);

    private static async Task<double> TaskSecondsAsync(ICDPSession session) =>
        (await session.SendAsync("Performance.getMetrics"))!.Value.GetProperty("metrics").EnumerateArray()
            .First(metric => metric.GetProperty("name").GetString() == "TaskDuration").GetProperty("value").GetDouble();

    private static string Document()
    {
        var slots = Enumerable.Range(0, Slots).Select(slot =>
            $$"""{"id":"slot-{{slot}}","kind":"text","modules":[{{string.Join(',', Enumerable.Range(0, ModulesPerSlot).Select(module => $$"""{"id":"m{{module}}","content":{"text":"Text {{slot}}.{{module}} of a campaign with very many modules"} }"""))}}] }""");
        var segments = Enumerable.Range(0, Segments).Select(segment => $$"""{"id":"segment-{{segment}}","match":{"group":{{segment}} } }""");
        return $$"""{"name":"Very many","slots":[{{string.Join(',', slots)}}],"segments":[{{string.Join(',', segments)}}]}""";
    }

    /// <summary>Some events, each the engine's scores with figures of their own.</summary>
    private async Task<byte[][]> EventsAsync()
    {
        var scores = (await site.Api.GetAsync("/v1/campaigns/many/scores")).Expect(200).Json;
        var random = new Random(1);
        return [.. Enumerable.Range(0, 8).Select(_ =>
        {
            foreach (var module in scores["segments"]!.AsArray().SelectMany(segment => segment!["slots"]!.AsArray()).SelectMany(slot => slot!["modules"]!.AsArray()))
            {
                var mean = 60 + 80 * random.NextDouble();
                module!["resonance"] = new JsonObject { ["mean"] = mean, ["low"] = mean - 20, ["high"] = mean + 20 };
                module["impressions"] = random.Next(1_000_000);
            }
            return System.Text.Encoding.UTF8.GetBytes($"event: scores\ndata: {scores.ToJsonString()}\n\n");
        })];
    }
}
