using System.IO.Pipelines;
using System.Net;
using System.Text;

namespace Flywheel.Client.Tests.Streaming;

public sealed class StreamScoresTests
{
    private const string Document = """
        {"campaign":"spring","asOf":"2026-05-04T10:00:00Z","simulation":true,
         "ledger":{"accepted":9,"counted":7,"duplicate":1,"late":1,"quarantined":0},
         "segments":[{"id":"default","policyVersion":42,"decisions":1000,"impressions":950,"reward":31.5,
           "learned":{"decisions":950,"impressions":900,"reward":30.5},"control":{"decisions":50,"impressions":50,"reward":1},
           "slots":[{"id":"headline","modules":[{"id":"h2","version":1,"impressions":600,"reward":25,"share":0.82,"probabilityBest":0.97,
             "rate":{"mean":0.041,"low":0.03,"high":0.054},"resonance":{"mean":131,"low":104,"high":160},"state":"rising",
             "observed":{"impressions":12,"reward":2},"added":"later"}]}]}]}
        """;

    private readonly ScriptedEngine _engine = new();
    private readonly BarrierTime _time = new();
    private readonly FlywheelClientOptions _options;

    public StreamScoresTests() => _options = new FlywheelClientOptions { TimeProvider = _time, Jitter = () => 0 };

    [Fact(Timeout = Hang.LimitMs)]
    public async Task StreamScoresAsync_Event_ReadsTheWholeDocument()
    {
        await using var client = _engine.Client(_options);
        _engine.Streams(": hello\n\n" + Event("1") + "event: other\ndata: x\n\n").Answers(HttpStatusCode.NotFound);

        var all = await ReadPastOneReconnectAsync(client);

        var scores = Assert.Single(all);
        Assert.True(scores.Simulation);
        Assert.Equal(new Ledger(9, 7, 1, 1, 0), scores.Ledger);
        var segment = Assert.Single(scores.Segments);
        Assert.Equal(new GroupTotals(50, 50, 1), segment.Control);
        var module = Assert.Single(Assert.Single(segment.Slots).Modules);
        var expected = new ModuleScores("h2", 1, 600, 25, 0.82, 0.97, new(0.041, 0.03, 0.054), new(131, 104, 160), "rising")
        {
            Observed = new ObservedTotals(12, 2),
        };
        Assert.Equal(expected, module);
        Assert.Equal("/v1/campaigns/spring/scores/stream?segment=young%20urban", (await _engine.NextRequestAsync()).Path);
    }

    [Fact(Timeout = Hang.LimitMs)]
    public async Task StreamScoresAsync_ConnectionEnds_ReconnectsWithTheLastEventId()
    {
        await using var client = _engine.Client(_options);
        _engine.Streams(Event("7")).Streams(Event("8")).Answers(HttpStatusCode.NotFound);

        await using var scores = client.StreamScoresAsync("spring", null, TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await scores.MoveNextAsync());
        var second = scores.MoveNextAsync();
        await _time.PassAsync(_options.InitialRetryDelay);
        Assert.True(await second);
        var end = scores.MoveNextAsync();
        await _time.PassAsync(_options.InitialRetryDelay);
        Assert.False(await end);

        Assert.Null((await _engine.NextRequestAsync()).LastEventId);
        Assert.Equal("7", (await _engine.NextRequestAsync()).LastEventId);
        Assert.Equal("8", (await _engine.NextRequestAsync()).LastEventId);
    }

    [Fact(Timeout = Hang.LimitMs)]
    public async Task StreamScoresAsync_EngineAway_WaitsLongerEachTime()
    {
        await using var client = _engine.Client(_options);
        _engine.CannotBeReached()
            .Answers(HttpStatusCode.BadGateway)
            .Answers(HttpStatusCode.ServiceUnavailable, retryAfter: new(TimeSpan.FromSeconds(7)))
            .Streams(Event("1"));

        await using var scores = client.StreamScoresAsync("spring", null, TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        var first = scores.MoveNextAsync();
        await _time.PassAsync(_options.InitialRetryDelay);
        await _time.PassAsync(_options.InitialRetryDelay * 2);
        await _time.PassAsync(TimeSpan.FromSeconds(7));

        Assert.True(await first);
    }

    [Fact(Timeout = Hang.LimitMs)]
    public async Task StreamScoresAsync_Silence_Reconnects()
    {
        await using var client = _engine.Client(_options);
        var silent = new Pipe();
        await silent.Writer.WriteAsync(Encoding.UTF8.GetBytes(Event("7")), TestContext.Current.CancellationToken);
        _engine.Streams(silent.Reader.AsStream()).Streams(Event("8"));

        await using var scores = client.StreamScoresAsync("spring", null, TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await scores.MoveNextAsync());
        var second = scores.MoveNextAsync();
        _time.Advance(_options.StreamIdleTimeout);
        await _time.PassAsync(_options.InitialRetryDelay);

        Assert.True(await second);
    }

    [Fact(Timeout = Hang.LimitMs)]
    public async Task StreamScoresAsync_Refused_Throws()
    {
        await using var client = _engine.Client(_options);
        _engine.Answers(HttpStatusCode.Unauthorized);

        await using var scores = client.StreamScoresAsync("spring", null, TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        var failure = await Assert.ThrowsAsync<FlywheelException>(async () => await scores.MoveNextAsync());

        Assert.Equal(HttpStatusCode.Unauthorized, failure.Status);
    }

    [Fact(Timeout = Hang.LimitMs)]
    public async Task StreamScoresAsync_Cancelled_EndsWithCancellation()
    {
        await using var client = _engine.Client(_options);
        _engine.Streams(new Pipe().Reader.AsStream());
        using var cancellation = new CancellationTokenSource();

        await using var scores = client.StreamScoresAsync("spring", null, cancellation.Token).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        var first = scores.MoveNextAsync();
        await _engine.NextRequestAsync();
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await first);
    }

    private static string Event(string id) => $"id: {id}\nevent: scores\ndata: {Document.ReplaceLineEndings("")}\n\n";

    private async Task<List<Scores>> ReadPastOneReconnectAsync(FlywheelClient client)
    {
        var all = client.StreamScoresAsync("spring", "young urban", TestContext.Current.CancellationToken)
            .ToListAsync(TestContext.Current.CancellationToken).AsTask();
        await _time.PassAsync(_options.InitialRetryDelay);
        return await all;
    }
}
