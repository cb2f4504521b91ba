using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;

namespace Flywheel.Client.Tests.Tracking;

public sealed class TrackTests
{
    private static readonly Signal[] Three = [Signal.Impression("d1"), Signal.Click("d1"), Signal.Conversion("d1", "order-77", 49.9)];

    private readonly ScriptedEngine _engine = new();
    private readonly BarrierTime _time = new();
    private readonly FlywheelClientOptions _options;
    private readonly ConcurrentQueue<SignalRejection> _rejections = [];

    public TrackTests() => _options = new FlywheelClientOptions { TimeProvider = _time, Jitter = () => 0 };

    [Fact(Timeout = Hang.LimitMs)]
    public async Task Track_WithinTheInterval_SendsNothingUntilItHasPassed()
    {
        await using var client = Client(_options);
        _engine.AcceptsSignals();

        Track(client, Three);
        await _time.WaitStartedAsync(_options.BatchInterval);

        Assert.Equal(0, _engine.Received);
        Assert.Equal(3, client.Tracking.Pending);
        _time.Advance(_options.BatchInterval);
        var request = await _engine.NextRequestAsync();
        Assert.Equal(3, request.Lines.Length);
    }

    [Fact(Timeout = Hang.LimitMs)]
    public async Task Track_SeveralSignals_SendsThemAsLinesInOrder()
    {
        await using var client = Client(_options);
        _engine.AcceptsSignals();

        Track(client, Three);
        await client.FlushAsync(TestContext.Current.CancellationToken);

        var request = await _engine.NextRequestAsync();
        Assert.Equal(("POST", "/v1/signals", "application/x-ndjson"), (request.Method, request.Path, request.ContentType));
        Assert.Equal(
            [
                """{"type":"impression","decisionId":"d1"}""",
                """{"type":"click","decisionId":"d1"}""",
                """{"type":"conversion","decisionId":"d1","id":"order-77","value":49.9}""",
            ],
            request.Lines);
        Assert.Equal(new TrackingCounts(0, 3, 0, 0, 0), client.Tracking);
    }

    [Fact(Timeout = Hang.LimitMs)]
    public async Task Track_MoreThanABatch_SplitsIntoRequests()
    {
        await using var client = Client(_options with { MaxBatchSize = 2 });
        _engine.AcceptsSignals().AcceptsSignals().AcceptsSignals();

        Track(client, [.. Three, Signal.Impression("d2"), Signal.Impression("d3")]);
        await client.FlushAsync(TestContext.Current.CancellationToken);

        Assert.Equal(2, (await _engine.NextRequestAsync()).Lines.Length);
        Assert.Equal(2, (await _engine.NextRequestAsync()).Lines.Length);
        Assert.Single((await _engine.NextRequestAsync()).Lines);
        Assert.Equal(5, client.Tracking.Accepted);
    }

    [Fact(Timeout = Hang.LimitMs)]
    public async Task Track_EngineUnavailable_ResendsTheSameBodyAfterGrowingWaits()
    {
        await using var client = Client(_options);
        _engine.Answers(HttpStatusCode.ServiceUnavailable).CannotBeReached().AcceptsSignals();

        Track(client, Three);
        var flush = client.FlushAsync(TestContext.Current.CancellationToken);
        await _time.PassAsync(_options.InitialRetryDelay);
        await _time.PassAsync(_options.InitialRetryDelay * 2);
        await flush;

        var first = await _engine.NextRequestAsync();
        Assert.Equal(first, await _engine.NextRequestAsync());
        Assert.Equal(first, await _engine.NextRequestAsync());
        Assert.Equal(new TrackingCounts(0, 3, 0, 0, 0), client.Tracking);
    }

    [Fact(Timeout = Hang.LimitMs)]
    public async Task Track_RetryAfterInSeconds_WaitsThatLong()
    {
        await using var client = Client(_options);
        _engine.Answers(HttpStatusCode.TooManyRequests, retryAfter: new(TimeSpan.FromSeconds(7))).AcceptsSignals();

        Track(client, Three);
        var flush = client.FlushAsync(TestContext.Current.CancellationToken);
        await _time.PassAsync(TimeSpan.FromSeconds(7));
        await flush;

        Assert.Equal(3, client.Tracking.Accepted);
    }

    [Fact(Timeout = Hang.LimitMs)]
    public async Task Track_RetryAfterAsDate_WaitsUntilThen()
    {
        await using var client = Client(_options);
        var later = new RetryConditionHeaderValue(_time.GetUtcNow().AddSeconds(9));
        _engine.Answers(HttpStatusCode.ServiceUnavailable, retryAfter: later).AcceptsSignals();

        Track(client, Three);
        var flush = client.FlushAsync(TestContext.Current.CancellationToken);
        await _time.PassAsync(TimeSpan.FromSeconds(9));
        await flush;

        Assert.Equal(3, client.Tracking.Accepted);
    }

    [Fact(Timeout = Hang.LimitMs)]
    public async Task Track_RequestRefused_ReportsAllWithoutRetryAndGoesOn()
    {
        await using var client = Client(_options);
        _engine.Answers(HttpStatusCode.BadRequest, """{"title":"Bad Request","detail":"not NDJSON"}""").AcceptsSignals();

        Track(client, Three);
        await client.FlushAsync(TestContext.Current.CancellationToken);
        Track(client, [Signal.Click("d2")]);
        await client.FlushAsync(TestContext.Current.CancellationToken);

        Assert.Equal(2, _engine.Received);
        Assert.Equal(Three, _rejections.Select(rejection => rejection.Signal));
        Assert.All(_rejections, rejection => Assert.Equal((RejectionReason.Refused, "400: not NDJSON"), (rejection.Reason, rejection.Error)));
        Assert.Equal(new TrackingCounts(0, 1, 0, 3, 0), client.Tracking);
    }

    [Fact(Timeout = Hang.LimitMs)]
    public async Task Track_EngineRejectsOne_ReportsThatSignal()
    {
        await using var client = Client(_options);
        _engine.Answers(HttpStatusCode.Accepted, """{"accepted":2,"rejected":[{"index":1,"error":"decisionId has expired"}]}""");

        Track(client, Three);
        await client.FlushAsync(TestContext.Current.CancellationToken);

        Assert.Equal([new SignalRejection(Three[1], RejectionReason.Refused, "decisionId has expired")], _rejections);
        Assert.Equal(new TrackingCounts(0, 2, 0, 1, 0), client.Tracking);
    }

    [Fact(Timeout = Hang.LimitMs)]
    public async Task Track_BufferFull_DropsCountsAndReports()
    {
        await using var client = Client(_options with { BufferCapacity = 2 });
        _engine.AcceptsSignals();

        Assert.True(client.Track(Three[0]));
        Assert.True(client.Track(Three[1]));
        Assert.False(client.Track(Three[2]));

        Assert.Equal(new TrackingCounts(2, 0, 1, 0, 0), client.Tracking);
        var rejection = Assert.Single(_rejections);
        Assert.Equal((Three[2], RejectionReason.Dropped), (rejection.Signal, rejection.Reason));
    }

    [Fact(Timeout = Hang.LimitMs)]
    public async Task Track_AttemptsExhausted_AbandonsAndReports()
    {
        await using var client = Client(_options with { MaxAttempts = 2 });
        _engine.Answers(HttpStatusCode.ServiceUnavailable).Answers(HttpStatusCode.ServiceUnavailable);

        Track(client, Three);
        var flush = client.FlushAsync(TestContext.Current.CancellationToken);
        await _time.PassAsync(_options.InitialRetryDelay);
        await flush;

        Assert.Equal(2, _engine.Received);
        Assert.Equal(new TrackingCounts(0, 0, 0, 0, 3), client.Tracking);
        Assert.All(_rejections, rejection => Assert.Equal(RejectionReason.Abandoned, rejection.Reason));
    }

    [Fact(Timeout = Hang.LimitMs)]
    public async Task Track_HandlerThrows_DeliveryGoesOn()
    {
        await using var client = Client(_options);
        client.SignalRejected += (_, _) => throw new InvalidOperationException("the subscriber's fault");
        _engine.Answers(HttpStatusCode.BadRequest).AcceptsSignals();

        Track(client, Three);
        await client.FlushAsync(TestContext.Current.CancellationToken);
        Track(client, Three);
        await client.FlushAsync(TestContext.Current.CancellationToken);

        Assert.Equal(new TrackingCounts(0, 3, 0, 3, 0), client.Tracking);
    }

    [Fact(Timeout = Hang.LimitMs)]
    public async Task DisposeAsync_SignalsWaiting_DeliversThem()
    {
        var client = Client(_options);
        _engine.AcceptsSignals();
        Track(client, Three);

        await client.DisposeAsync();

        Assert.Equal(3, (await _engine.NextRequestAsync()).Lines.Length);
        Assert.Equal(new TrackingCounts(0, 3, 0, 0, 0), client.Tracking);
    }

    [Fact(Timeout = Hang.LimitMs)]
    public async Task DisposeAsync_EngineNeverAnswers_AbandonsAfterTheTimeout()
    {
        var client = Client(_options);
        _engine.NeverAnswers();
        Track(client, Three);

        var disposal = client.DisposeAsync();
        await _time.PassAsync(_options.DisposeTimeout);
        await disposal;

        Assert.Equal(new TrackingCounts(0, 0, 0, 0, 3), client.Tracking);
        Assert.All(_rejections, rejection => Assert.Equal(RejectionReason.Abandoned, rejection.Reason));
    }

    [Fact(Timeout = Hang.LimitMs)]
    public async Task Track_AfterDispose_Drops()
    {
        var client = Client(_options);
        await client.DisposeAsync();
        await client.DisposeAsync();

        Assert.False(client.Track(Three[0]));
        await client.FlushAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, client.Tracking.Dropped);
        Assert.Equal(0, _engine.Received);
    }

    private static void Track(FlywheelClient client, IEnumerable<Signal> signals) =>
        Assert.All(signals, signal => Assert.True(client.Track(signal)));

    private FlywheelClient Client(FlywheelClientOptions options)
    {
        var client = _engine.Client(options);
        client.SignalRejected += (_, rejection) => _rejections.Enqueue(rejection);
        return client;
    }
}
