using System.Text.Json.Nodes;
using Flywheel.Abstractions.Webhooks;
using Flywheel.Domain.Experiments;
using Flywheel.Domain.Webhooks;
using Flywheel.Signals.Sqlite;

namespace Flywheel.Grains.Tests.Webhooks;

public sealed class WebhookGrainTests
{
    private static readonly WebhookPutMessage Put = new(new WebhookDefinition("https://hooks.example.com"));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Each silo may take a campaign for its own while partitions move: whichever looks, it is told once.</summary>
    [Fact]
    public async Task Look_OfTwoSilosAtOnce_IsToldOnce()
    {
        await using var engine = await TestEngine.StartAsync(silos: 2);
        var published = (await engine.PublishAsync("spring", Documents.Spring())).Current!.Published;
        await engine.Grains(0).GetGrain<IWebhookGrain>("ops").PutAsync(Put, Cancel);
        var seen = new SightingMessage(new CampaignSighting(published.Incarnation, Verdict.Winning, null, ["sampleRatio"]), 0, 0);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => engine.Grains(i % 2).GetGrain<ICampaignWatchGrain>("spring").LookAsync(seen, Cancel)));
        await SettledAsync(engine, "ops");

        Assert.Equal(["campaign.degraded", "verdict.changed"], engine.Courier.Attempts.Select(attempt => JsonNode.Parse(attempt.Body)!["type"]!.GetValue<string>()).Order());
    }

    [Fact]
    public async Task Delete_OfACampaign_ForgetsWhatWasTold()
    {
        await using var engine = await TestEngine.StartAsync();
        var published = (await engine.PublishAsync("spring", Documents.Spring())).Current!.Published;
        var watch = engine.Grains().GetGrain<ICampaignWatchGrain>("spring");
        var seen = new SightingMessage(new CampaignSighting(published.Incarnation, Verdict.Winning, null, []), 0, 0);
        await watch.LookAsync(seen, Cancel);
        Assert.Contains("winning", engine.StoredOf("flywheel.campaign-watch/spring"), StringComparison.Ordinal);

        Assert.True(await engine.Campaign("spring").DeleteAsync(Cancel).Guarded());

        // One that was on its way meanwhile leaves nothing behind either.
        await watch.LookAsync(seen, Cancel);
        Assert.Equal(0, engine.Database.Read(connection => connection.Scalar<long>("SELECT COUNT(*) FROM grains WHERE id LIKE 'flywheel.campaign-watch/%'")));
    }

    /// <summary>A slow receiver has one message at a time, and holds up nobody who asks.</summary>
    [Fact]
    public async Task Send_ToASlowReceiver_LeavesTheGrainFreeAndSendsOneAtATime()
    {
        await using var engine = await TestEngine.StartAsync();
        var (asked, answered) = (new TaskCompletionSource(), new TaskCompletionSource<DeliveryResult>());
        engine.Courier.Answer = _ =>
        {
            asked.TrySetResult();
            return answered.Task;
        };
        var hook = engine.Grains().GetGrain<IWebhookGrain>("ops");
        await hook.PutAsync(Put, Cancel);
        await hook.TestAsync(Cancel);
        await asked.Task.Guarded();

        await hook.TestAsync(Cancel).Guarded();
        await hook.WakeAsync(Cancel).Guarded();
        Assert.Equal((2, 1), ((await hook.DescribeAsync(Cancel).Guarded())!.Queued, engine.Courier.Attempts.Count));

        answered.SetResult(new DeliveryResult(DeliveryOutcome.Delivered, 200, null, 1));
        await SettledAsync(engine, "ops");
        Assert.Equal(2, engine.Courier.Attempts.DistinctBy(attempt => attempt.Id).Count());
    }

    [Fact]
    public async Task Delete_WhileAnAttemptIsUnderWay_LeavesNothingBehind()
    {
        await using var engine = await TestEngine.StartAsync();
        var (asked, answered) = (new TaskCompletionSource(), new TaskCompletionSource<DeliveryResult>());
        engine.Courier.Answer = _ =>
        {
            asked.TrySetResult();
            return answered.Task;
        };
        var hook = engine.Grains().GetGrain<IWebhookGrain>("acme:ops");
        await hook.PutAsync(Put, Cancel);
        await hook.TestAsync(Cancel);
        await asked.Task.Guarded();

        Assert.True(await hook.DeleteAsync(Cancel));
        answered.SetResult(new DeliveryResult(DeliveryOutcome.Failed, 500, null, 1));
        while (engine.Courier.Outcomes.Count == 0)
            await Task.Yield();

        Assert.Null(await hook.DescribeAsync(Cancel));
        Assert.Empty(await engine.Grains().GetGrain<IWebhookDirectoryGrain>(0).ListAsync(Cancel));
        Assert.False(await hook.DeleteAsync(Cancel));
        Assert.Equal(0, engine.Database.Read(connection => connection.Scalar<long>("SELECT COUNT(*) FROM grains WHERE id LIKE 'flywheel.webhook/%'")));
    }

    private static async Task SettledAsync(TestEngine engine, string hook)
    {
        while (engine.Courier.Held.GetValueOrDefault(hook).Queued > 0)
            await Task.Delay(10, Cancel).Guarded();
    }
}
