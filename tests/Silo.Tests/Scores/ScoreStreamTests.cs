using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace Flywheel.Silo.Tests.Scores;

public sealed class ScoreStreamTests(Engine engine) : EngineTest(engine)
{
    /// <summary>Events are 250 ms apart; clocks and timers may be off by a little.</summary>
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(230);

    public override async ValueTask InitializeAsync() => await PutAsync(Wire.Spring);

    [Fact]
    public async Task Stream_Opened_SendsTheWholeDocumentFirst()
    {
        await SendAllAsync(Wire.Signal(await DecideAsync(), "impression"));
        await SettledAsync();

        await using var stream = await EventStream.OpenAsync(Api, Campaign);
        var first = (await stream.NextAsync())!.Value;

        Assert.Equal("text/event-stream", stream.ContentType);
        Assert.Equal("scores", first.EventType);
        Assert.NotEmpty(first.EventId!);
        var whole = (await Api.GetAsync($"{Path}/scores")).Json;
        var sent = JsonNode.Parse(first.Data)!;
        sent["asOf"] = whole["asOf"]!.GetValue<string>();
        Assert.Equal(whole["segments"]![1]!["impressions"]!.ToJsonString(), sent["segments"]![1]!["impressions"]!.ToJsonString());
        Assert.Equal(whole.AsObject().Select(member => member.Key), sent.AsObject().Select(member => member.Key));
    }

    [Fact]
    public async Task Stream_SignalsCome_SendsWhatChanged()
    {
        await using var stream = await EventStream.OpenAsync(Api, Campaign);
        await stream.NextAsync();

        var decision = await DecideAsync();
        await SendAllAsync(Wire.Signal(decision, "impression"), Wire.Signal(decision, "click"));

        var last = (await stream.ReadUntilAsync(scores => scores.Ledger.Accepted >= 2, "an event with both signals"))[^1].Scores;
        Assert.Equal((1, 1.0), (last.Segments[1].Impressions, last.Segments[1].Reward));
    }

    /// <summary>So little more than before is no reason to fit a policy anew.</summary>
    [Fact]
    public async Task Stream_OneSignalBehindMany_SendsIt()
    {
        var decisions = await Api.DecideManyAsync(Campaign, 101);
        await SendAllAsync([.. decisions.Take(100).Select(decision => Wire.Signal(decision, "impression"))]);
        await SettledAsync();
        await using var stream = await EventStream.OpenAsync(Api, Campaign);
        await stream.ReadUntilAsync(scores => scores.Segments[1].Impressions == 100, "an event with 100 impressions");

        await SendAllAsync(Wire.Signal(decisions[100], "impression"));

        await stream.ReadUntilAsync(scores => scores.Segments[1].Impressions == 101, "an event with one more");
    }

    [Fact]
    public async Task Stream_CampaignChanges_SendsIt()
    {
        await using var stream = await EventStream.OpenAsync(Api, Campaign);
        await stream.NextAsync();

        await PutAsync(Wire.Campaign([3]));

        await stream.ReadUntilAsync(scores => scores.Segments[^1].Slots[0].Modules.Count == 3, "an event with three modules");
    }

    [Fact]
    public async Task Stream_Burst_ComesAtMostFourTimesASecond()
    {
        const int Signals = 150;
        var decisions = await Api.DecideManyAsync(Campaign, Signals);
        await using var stream = await EventStream.OpenAsync(Api, Campaign);
        var reading = stream.ReadUntilAsync(scores => scores.Segments[1].Impressions == Signals, $"an event with {Signals} impressions");

        foreach (var decision in decisions)
            await SendAllAsync(Wire.Signal(decision, "impression"));

        var events = await reading;
        var gaps = events.Zip(events.Skip(1), (a, b) => b.Scores.AsOf - a.Scores.AsOf).ToList();
        Assert.All(gaps, gap => Assert.True(gap >= Apart, $"Expected events {Apart} apart; came {string.Join(", ", gaps)}"));
        Assert.All(events.Zip(events.Skip(1)), pair => Assert.NotEqual(pair.First.Id, pair.Second.Id));
        Assert.All(events.Zip(events.Skip(1)), pair => Assert.True(pair.First.Scores.Segments[1].Impressions <= pair.Second.Scores.Segments[1].Impressions));
    }

    [Fact]
    public async Task Stream_ResumedAtTheCurrentState_IsSilentUntilItChanges()
    {
        var decision = await DecideAsync();
        await SettledAsync();
        await Eventually.ReadsAsync(() => Api.ScoresAsync(Campaign), scores => scores.Segments[1].Decisions == 1, "the decision in the scores");
        await using var earlier = await EventStream.OpenAsync(Api, Campaign);
        var seen = (await earlier.NextAsync())!.Value.EventId!;

        await using var stream = await EventStream.OpenAsync(Api, Campaign, lastEventId: seen);
        await SendAllAsync(Wire.Signal(decision, "impression"));

        var next = (await stream.ReadUntilAsync(_ => true, "an event"))[0];
        Assert.NotEqual(seen, next.Id);
        Assert.Equal(1, next.Scores.Segments[1].Impressions);
    }

    [Fact]
    public async Task Stream_ResumedAtAnOlderState_SendsTheCurrentOneAtOnce()
    {
        await using var earlier = await EventStream.OpenAsync(Api, Campaign);
        var seen = (await earlier.NextAsync())!.Value.EventId!;
        await SendAllAsync(Wire.Signal(await DecideAsync(), "impression"));
        await SettledAsync();

        await using var stream = await EventStream.OpenAsync(Api, Campaign, lastEventId: seen);

        Assert.Equal(1, (await stream.ReadUntilAsync(_ => true, "an event"))[0].Scores.Segments[1].Impressions);
    }

    [Fact]
    public async Task Stream_Segment_NarrowsToIt()
    {
        await using var stream = await EventStream.OpenAsync(Api, Campaign, "?segment=young-urban&by=channel");

        var segment = Assert.Single((await stream.ReadUntilAsync(_ => true, "an event"))[0].Scores.Segments);
        Assert.Equal("young-urban", segment.Id);
        Assert.NotNull(segment.Channels);
    }

    [Fact]
    public async Task Stream_CampaignDeleted_Ends()
    {
        await using var stream = await EventStream.OpenAsync(Api, Campaign);
        await stream.NextAsync();

        (await Api.DeleteAsync(Path)).Expect(204);

        Assert.Null(await stream.NextAsync());
    }

    [Fact]
    public async Task Stream_NothingChanges_SendsACommentEvery15Seconds()
    {
        var time = new HastyTime(TimeSpan.FromSeconds(15));
        await using var engine = await Engine.StartAsync(customise: services => services.AddSingleton<TimeProvider>(time));
        (await engine.Api.PutAsync("/v1/campaigns/quiet", Wire.Spring)).Expect(201);
        await using var body = await engine.Api.Http.GetStreamAsync("/v1/campaigns/quiet/scores/stream", Cancel);
        using var reader = new StreamReader(body);

        var comments = 0;
        while (comments < 3)
        {
            var line = await Eventually.CompletesAsync(reader.ReadLineAsync(Cancel).AsTask(), "a comment");
            comments += line!.StartsWith(':') ? 1 : 0;
        }
    }

    /// <summary>The system's clock, but one wait is over at once.</summary>
    private sealed class HastyTime(TimeSpan wait) : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime == wait ? TimeSpan.FromMilliseconds(10) : dueTime, period);
    }
}
