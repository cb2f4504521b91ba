using Flywheel.Agents.Writing;
using Flywheel.Client.Tests;
using Flywheel.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace Flywheel.Agents.Tests.LanguageModel;

/// <summary>Endpoints that misbehave end in a failure of the right kind, in bounded time and after a bounded number of calls.</summary>
public sealed class FailureTests : ModelTest
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);

    [Fact]
    public async Task Write_TheEndpointHangs_TimesOutAfterItsRetries()
    {
        Server.Hangs();
        var time = new FakeTimeProvider();
        var writing = Writer(Options with { Timeout = TimeSpan.FromMinutes(10), Retries = 2 }, time).WriteAsync(Requests.English(), Token);

        for (var attempt = 0; attempt < 3; attempt++)
        {
            await ArrivedAsync(time);
            time.Advance(Patience);
        }

        Assert.Equal(FailureKind.Timeout, (await writing.WaitAsync(Patience, Token)).Failure?.Kind);
        Assert.Equal(3, Server.Requests.Length);
    }

    [Fact]
    public async Task Write_TheEndpointHangs_TimesOutInAll()
    {
        Server.Hangs();

        var result = await WriteAsync(Options with { Timeout = Short, AttemptTimeout = Short });

        Assert.Equal(FailureKind.Timeout, result.Failure?.Kind);
    }

    [Fact]
    public async Task Write_TheAnswerDrips_TimesOut()
    {
        Server.Drips();

        Assert.Equal(FailureKind.Timeout, (await WriteAsync(Options with { AttemptTimeout = Short })).Failure?.Kind);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(408)]
    [InlineData(429)]
    public async Task Write_APassingFailure_IsTriedAgain(int status)
    {
        Server.Fails(status).Says(Two);

        var result = await WriteAsync(Options with { Retries = 1 });

        Assert.Equal(2, result.Candidates.Length);
        Assert.Equal(2, Server.Requests.Length);
        Assert.Equal(Server.Requests[0].Body.GetRawText(), Server.Requests[1].Body.GetRawText());
    }

    [Theory]
    [InlineData(400, FailureKind.Refused, 1)]
    [InlineData(401, FailureKind.Refused, 1)]
    [InlineData(404, FailureKind.Refused, 1)]
    [InlineData(408, FailureKind.Timeout, 3)]
    [InlineData(429, FailureKind.RateLimited, 3)]
    [InlineData(500, FailureKind.Unreachable, 3)]
    [InlineData(503, FailureKind.Unreachable, 3)]
    public async Task Write_AFailureThatStays_IsOfItsKind(int status, FailureKind kind, int calls)
    {
        Server.Fails(status);

        var result = await WriteAsync(Options with { Retries = 2 });

        Assert.Equal(new WritingFailure(kind, $"the endpoint answered HTTP {status}"), result.Failure);
        Assert.Equal(calls, Server.Requests.Length);
        Assert.Empty(result.Candidates);
    }

    [Fact]
    public async Task Write_TheAnswerBreaksOff_IsTriedAgainAndUnreachable()
    {
        Server.HangsUp();

        Assert.Equal(FailureKind.Unreachable, (await WriteAsync(Options with { Retries = 1 })).Failure?.Kind);
        Assert.Equal(2, Server.Requests.Length);
    }

    [Fact]
    public async Task Write_NobodyListens_IsUnreachable()
    {
        await Server.DisposeAsync(); // The port is free again.

        Assert.Equal(FailureKind.Unreachable, (await WriteAsync(Options with { Retries = 1 })).Failure?.Kind);
    }

    [Fact]
    public async Task Write_TheModelRefuses_IsRefused()
    {
        Server.Refuses();

        Assert.Equal(new WritingFailure(FailureKind.Refused, "the model refused to answer"), (await WriteAsync()).Failure);
    }

    [Theory]
    [InlineData("7")]
    [InlineData("Sat, 01 Jan 2000 00:00:07 GMT")]
    public async Task Write_RetryAfterWithinItsBound_IsWaitedFor(string retryAfter)
    {
        Server.Fails(429, retryAfter: retryAfter).Says(Two);
        var time = new BarrierTime();
        var writing = Writer(Options with { Retries = 1, MaxRetryAfter = TimeSpan.FromSeconds(7) }, time).WriteAsync(Requests.English(2), Token);

        await time.PassAsync(TimeSpan.FromSeconds(7));

        Assert.Equal(2, (await writing.WaitAsync(Patience, Token)).Candidates.Length);
    }

    /// <summary>The clock never moves: the wait that the header asks for would not end, so a second call shows that there was none.</summary>
    [Theory]
    [InlineData("2")]
    [InlineData("3600")]
    [InlineData("Fri, 01 Jan 2100 00:00:00 GMT")]
    public async Task Write_RetryAfterBeyondItsBound_FailsAtOnce(string retryAfter)
    {
        Server.Fails(429, retryAfter: retryAfter);
        var writer = Writer(Options with { Retries = 5, MaxRetryAfter = TimeSpan.FromSeconds(1) }, new FakeTimeProvider());

        var result = await writer.WriteAsync(Requests.English(), Token).WaitAsync(Patience, Token);

        Assert.Equal(FailureKind.RateLimited, result.Failure?.Kind);
        Assert.Single(Server.Requests);
    }

    [Fact]
    public async Task Write_RateLimitedForEver_EndsAfterItsRetriesAndThenBreaksTheCircuit()
    {
        Server.Fails(429, retryAfter: "0");
        var writer = Writer(Options with { Retries = 1, BreakerCalls = 4 });

        var kinds = new List<FailureKind?>();
        for (var i = 0; i < 4; i++)
            kinds.Add((await writer.WriteAsync(Requests.English(), Token)).Failure?.Kind);

        Assert.Equal(FailureKind.RateLimited, kinds[0]);
        Assert.Equal(FailureKind.BrokenCircuit, kinds[3]);
        Assert.Equal(4, Server.Requests.Length);
    }

    [Fact]
    public async Task Write_TheCircuitIsBroken_SendsNothingUntilItMendsByOneCall()
    {
        Server.Fails(500).Fails(500).Says(Two);
        var time = new FakeTimeProvider();
        var writer = Writer(Options with { BreakerCalls = 2, BreakDuration = TimeSpan.FromSeconds(30) }, time);
        await writer.WriteAsync(Requests.English(2), Token);
        await writer.WriteAsync(Requests.English(2), Token);

        var broken = await writer.WriteAsync(Requests.English(2), Token);
        var sent = Server.Requests.Length;
        time.Advance(TimeSpan.FromSeconds(31));
        var mended = await writer.WriteAsync(Requests.English(2), Token);

        Assert.Equal(FailureKind.BrokenCircuit, broken.Failure?.Kind);
        Assert.Equal(2, sent);
        Assert.Equal(2, mended.Candidates.Length);
    }

    [Fact]
    public async Task Write_TheQueueIsFull_IsBusyAndTheOthersGetTheirTurn()
    {
        var released = new TaskCompletionSource();
        Server.SaysOnce(released.Task, Two);
        var writer = Writer(Options with { MaxConcurrent = 1, MaxQueued = 1 });

        var first = writer.WriteAsync(Requests.English(2), Token);
        await Server.NextRequestAsync(Token).AsTask().WaitAsync(Patience, Token);
        var second = writer.WriteAsync(Requests.English(2), Token);
        var third = await writer.WriteAsync(Requests.English(2), Token);
        var sent = Server.Requests.Length;
        released.SetResult();

        Assert.Equal(new WritingFailure(FailureKind.Busy, "1 requests wait already"), third.Failure);
        Assert.Equal(1, sent);
        Assert.Equal([2, 2], (await Task.WhenAll(first, second)).Select(result => result.Candidates.Length));
    }

    [Fact]
    public async Task Write_ItsTurnDoesNotCome_TimesOut()
    {
        Server.Hangs();
        var writer = Writer(Options with { MaxConcurrent = 1, Timeout = Short, AttemptTimeout = Short });

        var results = await Task.WhenAll(writer.WriteAsync(Requests.English(), Token), writer.WriteAsync(Requests.English(), Token));

        Assert.All(results, result => Assert.Equal(FailureKind.Timeout, result.Failure?.Kind));
    }

    [Fact]
    public async Task Write_Cancelled_Throws()
    {
        Server.Hangs();
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var writing = Writer().WriteAsync(Requests.English(), cancelled.Token);
        await Server.NextRequestAsync(Token).AsTask().WaitAsync(Patience, Token);

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing.WaitAsync(Patience, Token));
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Write_RedirectedToAnotherServerOfThisMachine_IsRefusedAndNobodyIsAsked(int status)
    {
        await using var secret = await ModelServer.StartAsync(Token);
        secret.Says(Two);
        Server.Redirects(status, new Uri(secret.Url, "/v1/chat/completions"));

        var result = await WriteAsync(Options with { Retries = 2 });

        Assert.Equal(new WritingFailure(FailureKind.Refused, $"the endpoint redirects (HTTP {status}), and redirects are not followed"), result.Failure);
        Assert.Single(Server.Requests);
        Assert.Empty(secret.Requests);
    }

    [Fact]
    public async Task Write_RedirectedToTheAddressOfInstanceMetadata_IsRefused()
    {
        Server.Redirects(302, new Uri("http://169.254.169.254/latest/meta-data/"));

        Assert.Equal(new WritingFailure(FailureKind.Refused, "the endpoint redirects (HTTP 302), and redirects are not followed"), (await WriteAsync()).Failure);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(500)]
    public async Task Write_TheEndpointQuotesTheKey_IsNotRepeated(int status)
    {
        Server.FailsQuotingTheKey(status);

        var result = await WriteAsync();

        Assert.Contains(Key, Server.Requests[0].Authorization, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, result.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Key, result.Failure!.Message, StringComparison.Ordinal);
    }

    /// <summary>Lets the waits before retries pass until the server has the next request.</summary>
    private async Task ArrivedAsync(FakeTimeProvider time)
    {
        var arrival = Server.NextRequestAsync(Token).AsTask();
        while (await Task.WhenAny(arrival, Task.Delay(1, Token)) != arrival)
            time.Advance(TimeSpan.FromMilliseconds(10));
        await arrival;
    }
}
