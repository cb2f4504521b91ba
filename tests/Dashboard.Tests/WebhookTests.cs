using Flywheel.Silo.Tests;
using Flywheel.Silo.Tests.Webhooks;
using Microsoft.Playwright;

namespace Flywheel.Dashboard.Tests;

/// <summary>Webhooks as whoever operates the engine sees them.</summary>
public sealed class WebhookTests(Site site)
{
    private const string Hook = "/v1/webhooks/ops";

    [Fact]
    public async Task DeadLetters_SentAgain_ReachAReceiverThatTakesThemNow()
    {
        Assert.SkipWhen(Site.Chromium is null, "chromium is missing");
        using var data = new TempFolder();
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var engine = await EngineProcess.StartAsync(data, "--webhook-private", "127.0.0.1");
        await using var visit = await Visit.OpenAsync(site.Browser, engine.Api.Http.BaseAddress!, "#/operations");
        await visit.Page.GetByText("No webhook yet").WaitForAsync();
        var document = $$"""{"url":"{{receiver.Url}}hook?secret=s3","events":["proposal.waiting"],"description":"The team"}""";
        receiver.Status = _ => 410;
        (await engine.Api.PutAsync(Hook, document)).Expect(201);
        (await engine.Api.PostAsync($"{Hook}/test", "")).Expect(202);
        var row = visit.Page.Locator(".webhooks tbody tr");
        await row.Locator(".badge.bad", new() { HasText = "Gone" }).WaitForAsync();
        var text = await row.TextContentAsync();
        Assert.All(["ops", "The team", $"{receiver.Url}hook?secret=s3", "proposal.waiting"], part => Assert.Contains(part, text, StringComparison.Ordinal));
        Assert.Equal(["0", "1"], await row.Locator(".number").AllTextContentsAsync());
        var again = row.GetByRole(AriaRole.Button);
        Assert.True(await again.IsDisabledAsync());

        receiver.Status = _ => 204;
        (await engine.Api.PutAsync(Hook, document)).Expect(200);
        await row.Locator("button:enabled").WaitForAsync();
        await again.FocusAsync();
        await visit.Page.Keyboard.PressAsync("Enter");

        await visit.Page.Locator(".toast", new() { HasText = "ops: 1 message is sent again" }).WaitForAsync();
        var received = await receiver.ReceivesAsync(all => all.Count > 1, "the dead letter again");
        Assert.Single(received.Select(each => each.Id).Distinct());
        await row.Locator(".number:nth-child(5)", new() { HasTextRegex = new("^0$") }).WaitForAsync();
        await row.Locator("button:disabled").WaitForAsync();
        visit.ExpectNoFaults();
    }

    [Theory]
    [InlineData(360)]
    [InlineData(768)]
    public async Task Board_OfAnyWidth_SaysHowOneIsMadeAndDoesNotScrollThePageSideways(int width)
    {
        Assert.SkipWhen(Site.Chromium is null, "chromium is missing");
        await using var visit = await Visit.OpenAsync(site.Browser, site.Url, "#/operations", "fr", width: width);
        await visit.Page.Locator(".webhooks tbody tr").First.WaitForAsync();
        Assert.Contains($"flywheel webhooks set ops https://hooks.example.com/flywheel --url {site.Url.GetLeftPart(UriPartial.Authority)}", await visit.Page.Locator(".webhooks code").TextContentAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await visit.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth"));
        visit.ExpectNoFaults();
    }
}
