using System.Text.Json.Nodes;
using Flywheel.Domain.Access;
using Flywheel.Silo.Tests;
using Microsoft.Playwright;

namespace Flywheel.Dashboard.Tests;

/// <summary>Somebody who takes a policy back to what was learnt earlier, and what comes of it in the engine.</summary>
public sealed class GoBackTests(Site site)
{
    private const string Document = """
        { "slots": [ { "id": "headline", "modules": [ { "id": "h1", "content": { "text": "One" } }, { "id": "h2", "content": { "text": "Two" } } ] } ],
          "segments": [ { "id": "young", "match": { "age": { "lt": 30 } } } ] }
        """;

    private const string Rollback = "/policy/rollback";

    [Fact]
    public async Task Policy_TakenBackByKeyboardAndUndone_LearnsFromWhatItLearntFromBefore()
    {
        Assert.SkipWhen(Site.Chromium is null, "chromium is missing");
        var campaign = await LearntAsync("back-flow");
        var learnt = Checkpoints(await KeptAsync(campaign)).Count;
        await using var visit = await Visit.OpenAsync(site.Browser, site.Url, $"#/campaigns/{campaign}/history");
        var keys = visit.Page.Keyboard;
        await OpenAsync(visit);

        // The segment, the moments as one, the button; then what was asked has the focus.
        await visit.Page.Locator("dialog select").FocusAsync();
        await keys.PressAsync("Tab");
        await keys.PressAsync("Space");
        Assert.Contains("0 impressions", await visit.Page.Locator(".moments label:has(:checked)").TextContentAsync(), StringComparison.Ordinal);
        await keys.PressAsync("Tab");
        await keys.PressAsync("Enter");
        await visit.Page.Locator(".sure button:focus").WaitForAsync();
        await keys.PressAsync("Enter");
        await visit.Page.Locator(".toast", new() { HasText = "is served again" }).WaitForAsync();
        await visit.Page.Locator("dialog").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await visit.Page.Locator(".history .badge", new() { HasText = "Back to an earlier policy" }).First.WaitForAsync();
        await visit.Page.Locator(".go-back:focus").WaitForAsync();
        var back = await KeptAsync(campaign);
        Assert.Equal(["default", "young"], back.Select(each => each!["id"]!.GetValue<string>()));
        Assert.All(back, segment => Assert.Equal(("rolledBack", 0), Newest(segment!)));
        Assert.Equal(learnt + 4, Checkpoints(back).Count);
        var before = Checkpoints(back).Where(each => KindOf(each) == "beforeRollback").Sum(ImpressionsOf);
        Assert.True(before > 0);

        await OpenAsync(visit);
        await visit.Page.Locator(".moments label", new() { HasText = "Undoes a rollback" }).ClickAsync();
        await visit.Page.Locator("dialog button[type=submit]").ClickAsync();
        await visit.Page.GetByText("This undoes a rollback").WaitForAsync();
        await visit.Page.Locator(".sure button.danger").ClickAsync();
        await visit.Page.Locator("dialog").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        Assert.Equal(before, (await KeptAsync(campaign)).Sum(segment => Newest(segment!).Impressions));
        visit.ExpectNoFaults();
    }

    [Fact]
    public async Task Segment_TakenBackAlone_IsUndoneWhereItIsTold()
    {
        Assert.SkipWhen(Site.Chromium is null, "chromium is missing");
        var campaign = await LearntAsync("back-segment");
        await using var visit = await Visit.OpenAsync(site.Browser, site.Url, $"#/campaigns/{campaign}/history", "fr", "dark", 360, 780);
        await OpenAsync(visit);
        await visit.Page.Locator("dialog select").SelectOptionAsync("young");
        await visit.Page.Locator(".moments input").First.CheckAsync();
        Assert.True(await visit.Page.EvaluateAsync<bool>("() => [document.documentElement, document.querySelector('dialog'), document.querySelector('.moments')].every(each => each.scrollWidth <= each.clientWidth)"));
        await visit.Page.Locator("dialog button[type=submit]").ClickAsync();
        await visit.Page.Locator(".sure").GetByText("Ramener le segment young").WaitForAsync();
        await visit.Page.Locator(".sure button.danger").ClickAsync();
        await visit.Page.Locator(".toast button.small").ClickAsync();
        await Eventually.ReadsAsync(BothAsync, both => both is { Others.Kind: "regular", Young: ("rolledBack", > 0) }, "the segment alone with what it had learnt");
        var young = (await KeptAsync(campaign))[1]!;
        Assert.Equal(2, young["rollbacks"]!.GetValue<int>());
        Assert.Equal(0, ImpressionsOf(young["checkpoints"]![2]!));

        // For all segments there is nothing to undo, and it is said where there is.
        await OpenAsync(visit);
        await visit.Page.Locator("dialog .help", new() { HasText = "revenus seuls" }).WaitForAsync();
        Assert.Equal(0, await visit.Page.Locator(".moments .badge.accent").CountAsync());
        visit.ExpectNoFaults();

        async Task<((string Kind, long Impressions) Others, (string Kind, long Impressions) Young)> BothAsync()
        {
            var kept = await KeptAsync(campaign);
            return (Newest(kept[0]!), Newest(kept[1]!));
        }
    }

    [Fact]
    public async Task Rollback_DurableAndNotServedYet_IsToldSo()
    {
        Assert.SkipWhen(Site.Chromium is null, "chromium is missing");
        var campaign = await LearntAsync("back-later");
        await using var visit = await Visit.OpenAsync(site.Browser, site.Url, $"#/campaigns/{campaign}/history");
        const string at = "2026-05-04T09:55:00+00:00";
        await visit.Page.RouteAsync($"**{Rollback}", route => route.FulfillAsync(new()
        {
            Status = 202,
            ContentType = "application/json",
            Body = $$"""{"campaign":"{{campaign}}","at":"{{at}}","to":"{{at}}","undo":"{{at}}","served":false,"segments":[],"unchanged":["young"]}""",
        }));
        await ChooseFirstAsync(visit);
        await visit.Page.Locator(".toast", new() { HasText = "once the signals that still wait are counted" }).WaitForAsync();

        // Undone for all segments, the one that stayed would go back as well.
        Assert.Equal(0, await visit.Page.Locator(".toast button.small").CountAsync());
        visit.ExpectNoFaults();
    }

    /// <summary>On its way the moment becomes one that is older than all that is kept; the engine itself refuses it.</summary>
    [Fact]
    public async Task Rollback_Refused_SaysWhyInTheEnginesWordsAndOffersTheMomentsAgain()
    {
        Assert.SkipWhen(Site.Chromium is null, "chromium is missing");
        var campaign = await LearntAsync("back-refused");
        await using var visit = await Visit.OpenAsync(site.Browser, site.Url, $"#/campaigns/{campaign}/history", mayFail: Rollback);
        await visit.Page.RouteAsync($"**{Rollback}", route => route.ContinueAsync(new() { PostData = """{"to":"2000-01-01T00:00:00Z"}"""u8.ToArray() }));
        await ChooseFirstAsync(visit);
        var refusal = visit.Page.Locator("dialog [role=alert]");
        await refusal.WaitForAsync();
        Assert.Contains("expected the time of a checkpoint or a later one", await refusal.TextContentAsync(), StringComparison.Ordinal);
        await visit.Page.Locator(".moments input").First.WaitForAsync();
        Assert.All(await KeptAsync(campaign), segment => Assert.Equal(0, segment!["rollbacks"]!.GetValue<int>()));
        visit.ExpectNoFaults();
    }

    [Fact]
    public async Task Button_ForAKeyThatMayNot_IsNotThere()
    {
        Assert.SkipWhen(Site.Chromium is null, "chromium is missing");
        using var data = new TempFolder();
        var (reads, operates, file) = (ApiKeyText.New(), ApiKeyText.New(), data.File("keys.json"));
        await File.WriteAllBytesAsync(file, ApiKeyDocument.Write([ApiKeyText.Keep(reads, "acme", "read"), ApiKeyText.Keep(operates, "acme", "operate")]), TestContext.Current.CancellationToken);
        await using var engine = await EngineProcess.StartAsync(data, "--api-keys", file);
        engine.Api.Http.DefaultRequestHeaders.Authorization = new("Bearer", operates);
        (await engine.Api.PutAsync("/v1/campaigns/spring", Document)).Expect(201);
        await using var visit = await Visit.OpenAsync(site.Browser, engine.Api.Http.BaseAddress!, "#/campaigns/spring/history", mayFail: "/v1/");
        foreach (var (key, buttons) in new[] { (reads, 0), (operates, 1) })
        {
            await visit.Page.Locator(".sign-in input").FillAsync(key);
            await visit.Page.Keyboard.PressAsync("Enter");
            await visit.Page.Locator(".history > li").First.WaitForAsync();
            Assert.Equal(buttons, await visit.Page.Locator(".go-back").CountAsync());
            if (buttons == 0)
                await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        }
        await visit.Page.Locator(".go-back").ClickAsync();
        await visit.Page.GetByText("there is nothing to go back to").WaitForAsync();
        visit.ExpectNoFaults();
    }

    private static async Task OpenAsync(Visit visit)
    {
        await visit.Page.Locator(".go-back").FocusAsync();
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.Page.Locator(".moments input").First.WaitForAsync();
    }

    private static async Task ChooseFirstAsync(Visit visit)
    {
        await OpenAsync(visit);
        await visit.Page.Locator(".moments input").First.CheckAsync();
        await visit.Page.Locator("dialog button[type=submit]").ClickAsync();
        await visit.Page.Locator(".sure button.danger").ClickAsync();
    }

    /// <summary>A campaign whose two segments have learnt something.</summary>
    private async Task<string> LearntAsync(string campaign)
    {
        (await site.Api.PutAsync($"/v1/campaigns/{campaign}", Document)).Expect(201);
        var decisions = await site.Api.DecideManyAsync(campaign, 200, i => i % 2 == 0 ? """ "segment":"young" """ : "");
        (await site.Api.PostAsync("/v1/signals", string.Join('\n', decisions.Select(each => $$"""{"decisionId":"{{each.DecisionId}}","type":"impression"}""")), Api.Lines)).Expect(202);
        await Eventually.ReadsAsync(() => site.Api.ScoresAsync(campaign), scores => scores.Ledger.Counted == decisions.Count, "counted impressions", scores => scores.Ledger);
        await Eventually.ReadsAsync(() => KeptAsync(campaign), kept => kept.Count == 2, "two segments that learnt", kept => kept.ToJsonString());
        return campaign;
    }

    private async Task<JsonArray> KeptAsync(string campaign) => (await site.Api.GetAsync($"/v1/campaigns/{campaign}/policy/checkpoints")).Expect(200).Json["segments"]!.AsArray();

    private static List<JsonNode> Checkpoints(JsonArray segments) => [.. segments.SelectMany(segment => segment!["checkpoints"]!.AsArray()).Select(each => each!)];

    private static (string Kind, long Impressions) Newest(JsonNode segment)
    {
        var newest = segment["checkpoints"]![0]!;
        return (KindOf(newest), ImpressionsOf(newest));
    }

    private static string KindOf(JsonNode checkpoint) => checkpoint["kind"]!.GetValue<string>();

    private static long ImpressionsOf(JsonNode checkpoint) => checkpoint["impressions"]!.GetValue<long>();
}
