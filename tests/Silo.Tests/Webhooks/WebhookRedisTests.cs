using System.Globalization;
using System.Text.Json.Nodes;
using Flywheel.Signals.Tests.Redis;

namespace Flywheel.Silo.Tests.Webhooks;

/// <summary>Webhooks of an engine that keeps its state in a real Redis: nothing of them is in its own folder, or in its memory alone.</summary>
public sealed class WebhookRedisTests : IDisposable
{
    private readonly TempFolder _data = new();
    private readonly TempFolder _other = new();

    public void Dispose()
    {
        _data.Dispose();
        _other.Dispose();
    }

    /// <summary>kill -9 of the only engine; the next one has a folder of its own, and nothing but Redis in common with it.</summary>
    [Fact]
    public async Task Engine_ThatIsKilled_LeavesWhatWaitsAndWhatWasToldToTheNext()
    {
        await using var redis = await RedisServer.StartAsync("--appendfsync", "always");
        await using var receiver = await WebhookReceiver.StartAsync();
        string id, secret, before;
        await using (var engine = await StartAsync(redis, _data))
        {
            secret = (await engine.Api.PutAsync("/v1/webhooks/ops", $$"""{"url":"{{receiver.Url}}","events":["proposal.waiting"]}""")).Expect(201).Json["secret"]!.GetValue<string>();
            await ProposeAsync(engine, "spring");
            await receiver.ReceivesAsync(all => all.Count == 1, "the proposal of spring");
            await DeliveredAsync(engine, 1);
            receiver.Status = _ => 500;
            id = (await engine.Api.PostAsync("/v1/webhooks/ops/test", "")).Expect(202).Json["message"]!.GetValue<string>();
            await DeliveredAsync(engine, 2);
            before = (await engine.Api.GetAsync("/v1/webhooks/ops")).Expect(200).Text;
            engine.Kill();
        }
        receiver.Status = _ => 204;
        var attempts = receiver.Received.Count;

        await using var next = await StartAsync(redis, _other);

        Assert.Equal(before, (await next.Api.GetAsync("/v1/webhooks/ops")).Expect(200).Text.Replace("\"queued\":0", "\"queued\":1", StringComparison.Ordinal));
        var again = (await receiver.ReceivesAsync(all => all.Count > attempts, "the message again"))[attempts];
        Assert.Equal((id, receiver.Received[1].Body, true), (again.Id, again.Body, again.IsSignedWith(secret)));
        // By the time another campaign's is told, the first campaign was looked at again.
        await ProposeAsync(next, "autumn");
        var all = await receiver.ReceivesAsync(all => all.Any(each => CampaignOf(each) == "autumn"), "the proposal of autumn");
        Assert.Single(all, each => CampaignOf(each) == "spring");
    }

    private static string? CampaignOf(ReceivedMessage message) => message.Data["campaign"]?.GetValue<string>();

    private static async Task ProposeAsync(EngineProcess engine, string campaign)
    {
        (await engine.Api.PutAsync($"/v1/campaigns/{campaign}", Wire.Spring)).Expect(201);
        (await engine.Api.PostAsync($"/v1/campaigns/{campaign}/slots/headline/refresh", "")).Expect(202);
    }

    /// <summary>Waits until so many attempts are known, and with that stored.</summary>
    private static Task<JsonArray> DeliveredAsync(EngineProcess engine, int attempts) => Eventually.ReadsAsync(
        async () => (await engine.Api.GetAsync("/v1/webhooks/ops/deliveries")).Expect(200).Json["deliveries"]!.AsArray(), deliveries => deliveries.Count == attempts, $"{attempts} attempts", deliveries => deliveries.ToJsonString());

    private static Task<EngineProcess> StartAsync(RedisServer redis, TempFolder data) => EngineProcess.StartAsync(data,
    [
        "--webhook-private", "127.0.0.1", "--redis", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{redis.Port}"), "--gateway-port", "0", "--drain-seconds", "0",
        "--silo-port", RedisServer.FreePort().ToString(CultureInfo.InvariantCulture),
    ]);
}
