using Flywheel.Abstractions.Messaging;
using Microsoft.Extensions.DependencyInjection;

namespace Flywheel.Silo.Tests.Webhooks;

/// <summary>A headline loses half of its rate on real signals; the webhook hears of it, once for each fall.</summary>
public sealed class FadedModuleTests : IAsyncLifetime
{
    private const double Favourite = 0.3;
    private const double Other = 0.15;

    /// <summary>Decisions between two looks of the analyst.</summary>
    private const int Step = 2_000;

    /// <summary>Steps, from the fall on, within which it is found: <c>LoopTests</c> needs 6,000 impressions of the headline at most.</summary>
    private const int FoundWithin = 12;

    private readonly Random _random = new(6);
    private readonly TempFolder _data = new();
    private WebhookReceiver? _receiver;
    private Engine? _engine;
    private int _decisions;

    private Api Api => _engine!.Api;

    public async ValueTask InitializeAsync()
    {
        _receiver = await WebhookReceiver.StartAsync();
        _engine = await StartEngineAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _engine!.DisposeAsync();
        await _receiver!.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public async Task Module_ThatFades_IsToldOnceWithWhatIsLeftOfIt()
    {
        await StartAsync();
        Assert.Empty(_receiver!.Received);

        await FadeAsync();

        var message = (await _receiver.ReceivesAsync(all => all.Count > 0, "a message"))[0];
        Assert.Equal("module.faded", message.Type);
        Assert.Equal(("spring", "default", "headline", "h1"), (Text("campaign"), Text("segment"), Text("slot"), Text("module")));
        var kept = message.Data["kept"]!;
        Assert.InRange(kept["mean"]!.GetValue<double>(), kept["low"]!.GetValue<double>(), kept["high"]!.GetValue<double>());
        Assert.True(kept["high"]!.GetValue<double>() < 1 && message.Data["impressions"]!.GetValue<long>() > 0, message.Body);
        // Looked at again, as faded as before.
        await VisitAsync(Favourite / 2);
        (await Api.PostAsync("/v1/webhooks/ops/test", "")).Expect(202);
        await _receiver.ReceivesAsync(all => all.Any(each => each.Type == "webhook.test"), "the test");
        Assert.Single(_receiver.Received, each => each.Type == "module.faded");

        string Text(string member) => message.Data[member]!.GetValue<string>();
    }

    [Fact]
    public async Task Module_ThatFadesAgainAfterARollback_IsToldAgain()
    {
        await StartAsync();
        await FadeAsync();
        await _receiver!.ReceivesAsync(all => Told(all) == 1, "the first fall");
        var to = (await Api.GetAsync("/v1/campaigns/spring/policy/checkpoints")).Expect(200).Json["segments"]![0]!["checkpoints"]!.AsArray()[^1]!["at"]!.GetValue<string>();
        (await Api.PostAsync("/v1/campaigns/spring/policy/rollback", $$"""{"to":"{{to}}"}""")).Expect(200);
        // Looked at: not faded any more.
        Assert.False(await VisitAsync(Favourite));
        await WatchRounds.PassAsync(Api, _receiver);
        for (var i = 0; i < 4; i++)
            await VisitAsync(Favourite);
        Assert.Equal(1, Told(_receiver.Received));

        await FadeAsync();

        var all = await _receiver.ReceivesAsync(all => Told(all) == 2, "the second fall");
        Assert.Distinct(all.Where(each => each.Path == "/").Select(each => each.Id));
        // As faded as before, and told of no third time.
        await VisitAsync(Favourite / 2);
        await WatchRounds.PassAsync(Api, _receiver);
        Assert.Equal(2, Told(_receiver.Received));
    }

    [Fact]
    public async Task Module_ThatHasFaded_IsNotToldAgainByTheNextEngine()
    {
        await StartAsync();
        await FadeAsync();
        await _receiver!.ReceivesAsync(all => Told(all) == 1, "the fall");

        await _engine!.DisposeAsync();
        _engine = await StartEngineAsync();
        for (var i = 0; i < 6; i++)
            await VisitAsync(Favourite / 2);

        await WatchRounds.PassAsync(Api, _receiver);
        Assert.Equal(1, Told(_receiver.Received));
    }

    private static int Told(IEnumerable<ReceivedMessage> all) => all.Count(each => each.Type == "module.faded");

    private Task<Engine> StartEngineAsync() => Engine.StartAsync(_data, null, "--webhook-private", "127.0.0.1");

    /// <summary>A webhook, and a campaign whose favourite is one.</summary>
    private async Task StartAsync()
    {
        (await Api.PutAsync("/v1/webhooks/ops", $$"""{"url":"{{_receiver!.Url}}","events":["module.faded"]}""")).Expect(201);
        (await Api.PutAsync("/v1/campaigns/spring", Wire.Campaign([3], "\"policy\":{\"control\":0.5}"))).Expect(201);
        for (var i = 0; i < 4; i++)
            await VisitAsync(Favourite);
    }

    /// <summary>The favourite loses half of its rate, until that is found.</summary>
    private async Task FadeAsync()
    {
        var visits = 0;
        while (!await VisitAsync(Favourite / 2))
            Assert.True(++visits < FoundWithin, $"Expected that the fall is found within {FoundWithin * Step} decisions");
    }

    /// <summary>Some visitors come, and the analyst reads what they did.</summary>
    /// <returns>Whether it finds that a module has faded.</returns>
    private async Task<bool> VisitAsync(double favourite)
    {
        var decisions = await Api.DecideManyAsync("spring", Step);
        var clicked = decisions.Where(decision => _random.NextDouble() < (decision.Variant["headline"].Module == "h1" ? favourite : Other)).ToList();
        (await Api.PostAsync("/v1/signals", Wire.Array(decisions.Select(decision => Wire.Signal(decision, "impression"))))).Expect(202);
        (await Api.PostAsync("/v1/signals", Wire.Array(clicked.Select(decision => Wire.Signal(decision, "click"))))).Expect(202);
        _decisions += Step;
        var analyst = _engine!.Services.GetRequiredService<IGrainFactory>().GetGrain<IAnalystGrain>("spring");
        var readings = await Eventually.ReadsAsync(
            () => analyst.ReadAsync(TestContext.Current.CancellationToken), read => read!.Segments is [var only] && only.Slots[0].Impressions == _decisions, "a reading of all impressions", read => read!.Segments.FirstOrDefault()?.Slots[0].Impressions);
        return readings!.Segments[0].Slots[0].Modules.Any(module => module.Faded is not null);
    }
}
