using System.Net;
using Flywheel.Silo.Api.Signals;
using Flywheel.Silo.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace Flywheel.Silo.Tests.Signals;

/// <summary>What a browser that holds no more than a decision's token can do to what is learnt.</summary>
public sealed class BeaconTests : IAsyncLifetime
{
    private const string Campaign = "spring";
    private const int Cap = 6;

    private Engine? _engine;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _engine = await Engine.StartAsync(args: ["--beacon-cap", $"{Cap}", "--trusted-proxies", "127.0.0.1"]);
        (await _engine.Api.PutAsync($"/v1/campaigns/{Campaign}", Wire.Spring)).Expect(201);
    }

    public async ValueTask DisposeAsync() => await _engine!.DisposeAsync();

    [Fact]
    public async Task Click_WithoutItsImpression_EarnsOnlyOnceThatComes()
    {
        var decision = await _engine!.Api.DecideAsync(Campaign);
        await SendAsync("click", decision);
        Assert.Equal(0, (await LedgerAsync(read => read.Ledger.Quarantined == 1, "the click in quarantine")).Segments.Sum(segment => segment.Reward));

        await SendAsync("impression", decision);

        var scores = await LedgerAsync(read => read.Ledger is { Counted: 2, Quarantined: 0 }, "both counted");
        Assert.Equal((1, 1), (scores.Segments.Sum(segment => segment.Impressions), scores.Segments.Sum(segment => segment.Reward)));
    }

    [Fact]
    public async Task Beacon_OfAnInventedType_TakesNoMemory()
    {
        var decision = await _engine!.Api.DecideAsync(Campaign);

        for (var times = 0; times < 2; times++)
            await SendAsync("zz-000001", decision);

        // Remembered, the second would be a duplicate.
        await LedgerAsync(read => read.Ledger is { Quarantined: 2, Duplicate: 0 }, "both in quarantine");
    }

    [Fact]
    public async Task Source_ThatSendsMoreThanIsBelieved_LeavesTheRewardsOfOthersAlone()
    {
        var decisions = await _engine!.Api.DecideManyAsync(Campaign, 10);
        foreach (var decision in decisions)
            (await _engine.Api.PostAsync("/v1/signals", $"[{Wire.Signal(decision.DecisionId, "impression")}]")).Expect(202);

        foreach (var decision in decisions)
            await SendAsync("click", decision, "203.0.113.7");
        await SendAsync("conversion", decisions[0], "198.51.100.1, 203.0.113.8");

        var scores = await LedgerAsync(read => read.Ledger.Accepted == 21, "all of them in the ledger");
        Assert.Equal((decisions.Count - Cap, 10 + Cap + 1), (scores.Ledger.Quarantined, scores.Ledger.Counted));
        Assert.Equal(Cap - 1 + 5, scores.Segments.Sum(segment => segment.Reward));
    }

    [Fact]
    public void Guard_CountsASourceAMinute()
    {
        var time = new FakeTimeProvider();
        var guard = new BeaconGuard(new FlywheelOptions { BeaconCap = 2 }, time);
        bool[] Send(string source) => [.. Enumerable.Range(0, 4).Select(_ => guard.IsExcess(IPAddress.Parse(source)))];

        Assert.Equal([false, false, true, true], Send("203.0.113.7"));
        Assert.Equal([false, false, true, true], Send("203.0.113.8"));
        // A household of IPv6 is one source; this machine is none.
        Assert.Equal([false, false, true, true], Send("2001:db8:1:2::3"));
        Assert.Equal([true, true, true, true], Send("2001:db8:1:2:ffff::4"));
        Assert.Equal([false, false, false, false], Send("127.0.0.1"));
        Assert.Equal([true, true, true, true], Send("::ffff:203.0.113.7"));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal([false, false, true, true], Send("203.0.113.7"));
    }

    private async Task SendAsync(string type, Decision decision, string? source = null)
    {
        using var request = new HttpRequestMessage();
        if (source is not null)
            request.Headers.Add("X-Forwarded-For", source);
        (await _engine!.Api.SendAsync(request, HttpMethod.Get, $"/v1/b/{type}/{decision.DecisionId}")).Expect(204);
    }

    private Task<ScoreDocument> LedgerAsync(Func<ScoreDocument, bool> holds, string expected) =>
        Eventually.ReadsAsync(() => _engine!.Api.ScoresAsync(Campaign), holds, expected, read => $"{read.Ledger}");
}
