using System.Globalization;

namespace Flywheel.Silo.Tests.Leases;

/// <summary>Decisions that were made elsewhere under a lease count as the engine's own do: once.</summary>
public sealed class LeaseTests(Engine engine) : EngineTest(engine)
{
    [Fact]
    public async Task Signal_OfALeasedDecision_SentAgainAndAgain_CountsOnce()
    {
        await PutAsync(Wire.Spring);
        var issuer = await LocalIssuer.OpenAsync(Api, Campaign);
        var (first, second) = (issuer.Sign(0), issuer.Sign(1, segment: "young-urban", channel: "email"));

        await SendAllAsync(Wire.Signal(first, "impression"), Wire.Signal(first, "impression"), Wire.Signal(second, "impression"), Wire.Signal(first, "click"));
        await SendAllAsync(Wire.Signal(first, "impression"), Wire.Signal(second, "impression"));

        var scores = await SettledAsync();
        Assert.Equal(3, scores.Ledger.Duplicate);
        Assert.Equal((1, 1.0), (scores.Segments[^1].Impressions, scores.Segments[^1].Reward));
        Assert.Equal(1, scores.Segments[0].Impressions);
        var channel = Assert.Single((await Api.ScoresAsync(Campaign, "?by=channel")).Segments[0].Channels!);
        Assert.Equal(("email", 1), (channel.Id, channel.Impressions));
    }

    [Fact]
    public async Task Signal_BeyondItsLease_IsRejectedByName()
    {
        await PutAsync(Wire.Spring);
        var before = await RefusedAsync();
        var issuer = await LocalIssuer.OpenAsync(Api, Campaign);
        var (valid, stranger) = (issuer.Sign(0), await LocalIssuer.OpenAsync(Api, Campaign));

        await AssertRejectedAsync(issuer.Sign(issuer.Lease.Counters), "lease");
        await AssertRejectedAsync(issuer.Sign(1, issuedAtMs: issuer.Lease.ExpiresAtMs + 120_000), "lease");
        await AssertRejectedAsync(issuer.Sign(1, propensity: 0), "lease");
        await AssertRejectedAsync(issuer.Sign(1, segment: "nobody"), "nobody");
        await AssertRejectedAsync(valid[..^8] + stranger.Sign(0)[^8..], "forged");

        // Other tests have theirs refused as well.
        Assert.True(await RefusedAsync() >= before + 4);
        await SendAllAsync(Wire.Signal(valid, "impression"));
        Assert.Equal(1, (await SettledAsync()).Segments.Sum(segment => segment.Impressions));
    }

    [Fact]
    public async Task Signal_OfALeaseOfADeletedCampaign_IsRejected()
    {
        await PutAsync(Wire.Spring);
        var issuer = await LocalIssuer.OpenAsync(Api, Campaign);
        (await Api.DeleteAsync(Path)).Expect(204);
        await PutAsync(Wire.Spring);

        await AssertRejectedAsync(issuer.Sign(0), "deleted");
        (await Api.PostAsync("/v1/decisions/served", issuer.Report(LocalIssuer.Row(0, 5)))).ExpectFieldError("lease");
    }

    [Fact]
    public async Task Served_ReportSentAgain_CountsOnce()
    {
        await PutAsync(Wire.Spring);
        var issuer = await LocalIssuer.OpenAsync(Api, Campaign);
        // Rows are numbered in each partition apart, and the two segments share one in one of sixteen lives of the campaign.
        var (young, next) = issuer.PartitionOf("young-urban") == issuer.PartitionOf("default") ? (2, 3) : (0, 2);
        var report = issuer.Report(LocalIssuer.Row(0, 90, 10), LocalIssuer.Row(1, 4, channel: "email"), LocalIssuer.Row(young, 7, segment: "young-urban"));

        for (var times = 0; times < 3; times++)
            Assert.Equal(3, (await Api.PostAsync("/v1/decisions/served", report)).Expect(202).Json["accepted"]!.GetValue<int>());
        (await Api.PostAsync("/v1/decisions/served", issuer.Report(LocalIssuer.Row(next, 1)))).Expect(202);

        var scores = await SettledAsync(112);
        Assert.Equal((105, 7), (scores.Segments[^1].Decisions, scores.Segments[0].Decisions));
        var experiment = (await Api.GetAsync($"{Path}/experiment")).Expect(200).Json["overall"]!;
        Assert.Equal((102, 10), (experiment["learned"]!["decisions"]!.GetValue<long>(), experiment["control"]!["decisions"]!.GetValue<long>()));
    }

    [Fact]
    public async Task Served_GoodAndBadRows_SaysWhichWereRefused()
    {
        await PutAsync(Wire.Spring);
        var issuer = await LocalIssuer.OpenAsync(Api, Campaign);

        var answer = (await Api.PostAsync("/v1/decisions/served", issuer.Report(
            LocalIssuer.Row(0, 3), LocalIssuer.Row(1, -1), LocalIssuer.Row(2, 1, segment: "nobody"), LocalIssuer.Row((long)issuer.Lease.Counters, 1), "5"))).Expect(202).Json;

        Assert.Equal(1, answer["accepted"]!.GetValue<int>());
        Assert.Equal([1, 2, 3, 4], answer["rejected"]!.AsArray().Select(rejected => rejected!["index"]!.GetValue<int>()));
        Assert.Equal(3, (await SettledAsync(3)).Segments[^1].Decisions);
    }

    [Theory]
    [InlineData("{}", "lease")]
    [InlineData("""{"lease":"AwAA","rows":[]}""", "lease")]
    [InlineData("""{"lease":7,"rows":[]}""", "lease")]
    [InlineData("[]", "")]
    [InlineData("{", "")]
    public async Task Served_WithoutALease_Answers400(string body, string field) => (await Api.PostAsync("/v1/decisions/served", body)).ExpectFieldError(field);

    [Fact]
    public async Task Served_WithoutRows_Answers400()
    {
        await PutAsync(Wire.Spring);
        var issuer = await LocalIssuer.OpenAsync(Api, Campaign);

        (await Api.PostAsync("/v1/decisions/served", $$"""{"lease":"{{issuer.Text}}"}""")).ExpectFieldError("rows");
        (await Api.PostAsync("/v1/decisions/served", issuer.Report(Enumerable.Range(0, 1_001).Select(row => LocalIssuer.Row(row, 1))))).ExpectFieldError("rows");
    }

    [Fact]
    public async Task LeasedDecision_AcrossARestart_StillCountsOnce()
    {
        using var data = new TempFolder();
        LocalIssuer issuer;
        string signal, report;
        await using (var first = await Engine.StartAsync(data))
        {
            (await first.Api.PutAsync(Path, Wire.Spring)).Expect(201);
            issuer = await LocalIssuer.OpenAsync(first.Api, Campaign);
            (signal, report) = (Wire.Signal(issuer.Sign(0), "impression"), issuer.Report(LocalIssuer.Row(0, 12, 1)));
            (await first.Api.PostAsync("/v1/signals", signal)).Expect(202);
            (await first.Api.PostAsync("/v1/decisions/served", report)).Expect(202);
        }

        await using var again = await Engine.StartAsync(data);
        (await again.Api.PostAsync("/v1/signals", signal)).Expect(202);
        (await again.Api.PostAsync("/v1/decisions/served", report)).Expect(202);
        (await again.Api.PostAsync("/v1/signals", Wire.Signal(issuer.Sign(1), "impression"))).Expect(202);

        var scores = await Eventually.ReadsAsync(() => again.Api.ScoresAsync(Campaign), scores => scores.Ledger.Accepted == 3, "three signals", scores => scores.Ledger);
        Assert.Equal((2, 1), (scores.Ledger.Counted, scores.Ledger.Duplicate));
        Assert.Equal((2, 13), (scores.Segments[^1].Impressions, scores.Segments[^1].Decisions));
    }

    private async Task AssertRejectedAsync(string decisionId, string reason)
    {
        var problem = (await SendAsync(Wire.Signal(decisionId, "impression"))).ExpectProblem(400);
        Assert.Contains(reason, problem["detail"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    private async Task<double> RefusedAsync()
    {
        const string Name = "flywheel_lease_tokens_rejected_total ";
        var line = (await Api.GetAsync("/metrics")).Expect(200).Text.Split('\n').Single(line => line.StartsWith(Name, StringComparison.Ordinal));
        return double.Parse(line[Name.Length..], CultureInfo.InvariantCulture);
    }
}
