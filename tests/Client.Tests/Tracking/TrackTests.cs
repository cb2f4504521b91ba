using System.Net;
using System.Net.Http.Headers;

namespace Flywheel.Client.Tests.Tracking;

public sealed class TrackTests : ClientTest
{
    private static readonly Signal[] Three = [Signal.Impression("d1"), Signal.Click("d1"), Signal.Conversion("d1", "order-77", 49.9)];

    [Fact]
    public async Task Track_WithinTheInterval_SendsNothingUntilItHasPassed()
    {
        var client = Client();
        Engine.AcceptsSignals();

        Track(client, Three);
        await Time.WaitStartedAsync(Options.BatchInterval);

        Assert.Equal(0, Engine.Received);
        Assert.Equal(3, client.Tracking.Pending);
        Time.Advance(Options.BatchInterval);
        var request = await Engine.NextRequestAsync();
        Assert.Equal(3, request.Lines.Length);
    }

    [Fact]
    public async Task Track_SeveralSignals_SendsThemAsLinesInOrder()
    {
        var client = Client();
        Engine.AcceptsSignals();

        Track(client, Three);
        await client.FlushAsync(TestContext.Current.CancellationToken).Guarded();

        var request = await Engine.NextRequestAsync();
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

    [Fact]
    public async Task Track_MoreThanABatch_SplitsIntoRequests()
    {
        var client = Client(Options with { MaxBatchSize = 2 });
        Engine.AcceptsSignals().AcceptsSignals().AcceptsSignals();

        Track(client, [.. Three, Signal.Impression("d2"), Signal.Impression("d3")]);
        await client.FlushAsync(TestContext.Current.CancellationToken).Guarded();

        Assert.Equal(2, (await Engine.NextRequestAsync()).Lines.Length);
        Assert.Equal(2, (await Engine.NextRequestAsync()).Lines.Length);
        Assert.Single((await Engine.NextRequestAsync()).Lines);
        Assert.Equal(5, client.Tracking.Accepted);
    }

    [Fact]
    public async Task Track_EngineUnavailable_ResendsTheSameBodyAfterGrowingWaits()
    {
        var client = Client();
        Engine.Answers(HttpStatusCode.ServiceUnavailable).CannotBeReached().AcceptsSignals();

        Track(client, Three);
        var flush = client.FlushAsync(TestContext.Current.CancellationToken);
        await Time.PassAsync(Options.InitialRetryDelay);
        await Time.PassAsync(Options.InitialRetryDelay * 2);
        await flush.Guarded();

        var first = await Engine.NextRequestAsync();
        Assert.Equal(first, await Engine.NextRequestAsync());
        Assert.Equal(first, await Engine.NextRequestAsync());
        Assert.Equal(new TrackingCounts(0, 3, 0, 0, 0), client.Tracking);
    }

    [Fact]
    public async Task Track_RetryAfterInSeconds_WaitsThatLong()
    {
        var client = Client();
        Engine.Answers(HttpStatusCode.TooManyRequests, retryAfter: new(TimeSpan.FromSeconds(7))).AcceptsSignals();

        Track(client, Three);
        var flush = client.FlushAsync(TestContext.Current.CancellationToken);
        await Time.PassAsync(TimeSpan.FromSeconds(7));
        await flush.Guarded();

        Assert.Equal(3, client.Tracking.Accepted);
    }

    [Fact]
    public async Task Track_RetryAfterAsDate_WaitsUntilThen()
    {
        var client = Client();
        var later = new RetryConditionHeaderValue(Time.GetUtcNow().AddSeconds(9));
        Engine.Answers(HttpStatusCode.ServiceUnavailable, retryAfter: later).AcceptsSignals();

        Track(client, Three);
        var flush = client.FlushAsync(TestContext.Current.CancellationToken);
        await Time.PassAsync(TimeSpan.FromSeconds(9));
        await flush.Guarded();

        Assert.Equal(3, client.Tracking.Accepted);
    }

    [Fact]
    public async Task Track_RequestRefused_ReportsAllWithoutRetryAndGoesOn()
    {
        var client = Client();
        Engine.Answers(HttpStatusCode.BadRequest, """{"title":"Bad Request","detail":"not NDJSON"}""").AcceptsSignals();

        Track(client, Three);
        await client.FlushAsync(TestContext.Current.CancellationToken).Guarded();
        Track(client, [Signal.Click("d2")]);
        await client.FlushAsync(TestContext.Current.CancellationToken).Guarded();

        Assert.Equal(2, Engine.Received);
        Assert.Equal(Three, Rejections.Select(rejection => rejection.Signal));
        Assert.All(Rejections, rejection => Assert.Equal(RejectionReason.Refused, rejection.Reason));
        Assert.All(Rejections, rejection => Assert.Equal("400: not NDJSON", rejection.Error));
        Assert.Equal(new TrackingCounts(0, 1, 0, 3, 0), client.Tracking);
    }

    [Fact]
    public async Task Track_EngineRejectsOne_ReportsThatSignal()
    {
        var client = Client();
        Engine.Answers(HttpStatusCode.Accepted, """{"accepted":2,"rejected":[{"index":1,"error":"decisionId has expired"}]}""");

        Track(client, Three);
        await client.FlushAsync(TestContext.Current.CancellationToken).Guarded();

        Assert.Equal([new SignalRejection(Three[1], RejectionReason.Refused, "decisionId has expired")], Rejections);
        Assert.Equal(new TrackingCounts(0, 2, 0, 1, 0), client.Tracking);
    }

    [Fact]
    public async Task Track_BufferFull_DropsCountsAndReports()
    {
        var client = Client(Options with { BufferCapacity = 2 });
        Engine.AcceptsSignals();

        Assert.True(client.Track(Three[0]));
        Assert.True(client.Track(Three[1]));
        Assert.False(client.Track(Three[2]));

        Assert.Equal(new TrackingCounts(2, 0, 1, 0, 0), client.Tracking);
        var rejection = Assert.Single(Rejections);
        Assert.Equal((Three[2], RejectionReason.Dropped), (rejection.Signal, rejection.Reason));
    }

    [Fact]
    public async Task Track_AttemptsExhausted_AbandonsAndReports()
    {
        var client = Client(Options with { MaxAttempts = 2 });
        Engine.Answers(HttpStatusCode.ServiceUnavailable).Answers(HttpStatusCode.ServiceUnavailable);

        Track(client, Three);
        var flush = client.FlushAsync(TestContext.Current.CancellationToken);
        await Time.PassAsync(Options.InitialRetryDelay);
        await flush.Guarded();

        Assert.Equal(2, Engine.Received);
        Assert.Equal(new TrackingCounts(0, 0, 0, 0, 3), client.Tracking);
        Assert.All(Rejections, rejection => Assert.Equal(RejectionReason.Abandoned, rejection.Reason));
    }

    [Fact]
    public async Task Track_HandlerThrows_DeliveryGoesOn()
    {
        var client = Client();
        client.SignalRejected += (_, _) => throw new InvalidOperationException("the subscriber's fault");
        Engine.Answers(HttpStatusCode.BadRequest).AcceptsSignals();

        Track(client, Three);
        await client.FlushAsync(TestContext.Current.CancellationToken).Guarded();
        Track(client, Three);
        await client.FlushAsync(TestContext.Current.CancellationToken).Guarded();

        Assert.Equal(new TrackingCounts(0, 3, 0, 3, 0), client.Tracking);
    }

    [Fact]
    public async Task DisposeAsync_SignalsWaiting_DeliversThem()
    {
        var client = Client();
        Engine.AcceptsSignals();
        Track(client, Three);

        await client.DisposeAsync().AsTask().Guarded();

        Assert.Equal(3, (await Engine.NextRequestAsync()).Lines.Length);
        Assert.Equal(new TrackingCounts(0, 3, 0, 0, 0), client.Tracking);
    }

    [Fact]
    public async Task DisposeAsync_EngineNeverAnswers_AbandonsAfterTheTimeout()
    {
        var client = Client();
        Engine.NeverAnswers();
        Track(client, Three);

        var disposal = client.DisposeAsync().AsTask();
        await Time.PassAsync(Options.DisposeTimeout);
        await disposal.Guarded();

        Assert.Equal(new TrackingCounts(0, 0, 0, 0, 3), client.Tracking);
        Assert.All(Rejections, rejection => Assert.Equal(RejectionReason.Abandoned, rejection.Reason));
    }

    [Fact]
    public async Task Track_AfterDispose_Drops()
    {
        var client = Client();
        await client.DisposeAsync().AsTask().Guarded();
        await client.DisposeAsync().AsTask().Guarded();

        Assert.False(client.Track(Three[0]));
        await client.FlushAsync(TestContext.Current.CancellationToken).Guarded();

        Assert.Equal(1, client.Tracking.Dropped);
        Assert.Equal(0, Engine.Received);
    }

    private static void Track(FlywheelClient client, IEnumerable<Signal> signals) =>
        Assert.All(signals, signal => Assert.True(client.Track(signal)));
}
