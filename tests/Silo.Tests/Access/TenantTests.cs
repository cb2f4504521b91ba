using Flywheel.Client;

namespace Flywheel.Silo.Tests.Access;

/// <summary>Two tenants of one engine, each with a campaign of the same id.</summary>
public sealed class TenantTests : IAsyncLifetime
{
    private const string Campaign = "spring";

    private readonly TempFolder _data = new();
    private readonly Keys _keys;
    private Engine? _engine;

    public TenantTests() => _keys = new Keys(_data.File("keys.json")).Add("acme", "admin").Add("globex", "admin").Add("default", "admin");

    private Api Acme => field ??= _keys.For(_engine!.Url, "acme", "admin");

    private Api Globex => field ??= _keys.For(_engine!.Url, "globex", "admin");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _engine = await Engine.StartAsync(_data, args: ["--api-keys", _keys.Save().Path]);
        (await Acme.PutAsync($"/v1/campaigns/{Campaign}", Wire.Spring)).Expect(201);
    }

    public async ValueTask DisposeAsync()
    {
        Acme.Dispose();
        Globex.Dispose();
        await _engine!.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public async Task SameId_InTwoTenants_IsTwoCampaigns()
    {
        (await Globex.PutAsync($"/v1/campaigns/{Campaign}", """{"name":"Globex","slots":[{"id":"headline","modules":[{"id":"g1"}]}]}""")).Expect(201);

        Assert.Equal(["g1"], (await Globex.DecideAsync(Campaign)).Variant.Select(slot => slot.Value.Module));
        Assert.DoesNotContain("g1", (await Acme.DecideAsync(Campaign)).Variant.Select(slot => slot.Value.Module));
        Assert.Equal("Globex", (await Globex.ListedAsync(Campaign))!["name"]!.GetValue<string>());
        Assert.Single((await Globex.GetAsync("/v1/campaigns")).Json["campaigns"]!.AsArray());
        Assert.Equal("Globex", Assert.Single((await Globex.GetAsync("/v1/overview")).Json["campaigns"]!.AsArray())!["name"]!.GetValue<string>());
        (await Globex.DeleteAsync($"/v1/campaigns/{Campaign}")).Expect(204);
        (await Acme.GetAsync($"/v1/campaigns/{Campaign}")).Expect(200);
    }

    [Fact]
    public async Task Answers_NameTheCampaignAsItsTenantDoes()
    {
        var decision = await Acme.DecideAsync(Campaign);
        Assert.Equal(Campaign, decision.Campaign);
        foreach (var part in (string[])["/scores", "/experiment", "/policy", "/trends", "/modules"])
            Assert.Equal(Campaign, (await Acme.GetAsync($"/v1/campaigns/{Campaign}{part}")).Expect(200).Json["campaign"]!.GetValue<string>());
        Assert.DoesNotContain("acme:", (await Acme.GetAsync("/v1/campaigns/winter/scores")).Expect(404).Text, StringComparison.Ordinal);
        Assert.Equal(Campaign, (await Acme.GetAsync($"/v1/campaigns/{Campaign}")).Expect(200).Json["id"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("acme:spring")]
    [InlineData("acme%3Aspring")]
    public async Task OwnKey_OfAnotherTenant_IsNoId(string id)
    {
        using var host = _keys.For(_engine!.Url, "default", "admin");
        (await host.GetAsync($"/v1/campaigns/{id}")).Expect(404);
        (await host.PutAsync($"/v1/campaigns/{id}", Wire.Spring)).Expect(400);
        (await host.PostAsync("/v1/decisions", """{"campaign":"acme:spring"}""")).Expect(404);
        var answer = (await host.PostAsync("/v1/signals", """[{"id":"s-1","campaign":"acme:spring","modules":{"headline":"h1"},"type":"click"}]""")).Expect(202);
        Assert.Equal(0, answer.Json["accepted"]!.GetValue<int>());
    }

    [Fact]
    public async Task Signals_OfADecision_AreForItsTenantAndForBeacons()
    {
        var decision = await Acme.DecideAsync(Campaign);

        var foreign = (await Globex.PostAsync("/v1/signals", $$"""[{"decisionId":"{{decision.DecisionId}}","type":"impression"}]""")).Expect(202);
        Assert.Contains("another tenant", foreign.Json["rejected"]![0]!["error"]!.GetValue<string>(), StringComparison.Ordinal);
        (await Acme.PostAsync("/v1/signals", $$"""[{"decisionId":"{{decision.DecisionId}}","type":"impression"}]""")).Expect(202);
        using var anybody = new Api(_engine!.Url);
        (await anybody.GetAsync($"/v1/b/click/{decision.DecisionId}")).Expect(204);

        var scores = await Eventually.ReadsAsync(() => Acme.ScoresAsync(Campaign), read => read.Ledger.Counted == 2, "both signals counted", read => $"{read.Ledger}");
        Assert.Equal(1, scores.Segments.Sum(segment => segment.Impressions));
    }

    [Fact]
    public async Task LocalDecisions_WithAKey_AreCountedForItsTenant()
    {
        using var http = new HttpClient { BaseAddress = _engine!.Url };
        http.DefaultRequestHeaders.Authorization = new("Bearer", _keys["acme", "admin"]);
        await using var client = new FlywheelClient(http);
        await using (var local = await client.OpenLocalAsync(Campaign, cancellationToken: Cancel))
        {
            var decision = await Eventually.ReadsAsync(() => Task.FromResult(local.Decide("u-1")), made => made?.IsAttributable == true, "a local decision under a lease");
            await client.SendAsync([Signal.Impression(decision!.DecisionId!)], Cancel);
        }

        var scores = await Eventually.ReadsAsync(() => Acme.ScoresAsync(Campaign), read => read.Ledger.Counted >= 1 && read.Segments.Sum(segment => segment.Decisions) == 1, "the local decision", read => $"{read.Ledger}");
        Assert.Equal(1, scores.Segments.Sum(segment => segment.Impressions));
    }
}
