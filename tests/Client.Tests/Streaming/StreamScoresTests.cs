using System.IO.Pipelines;
using System.Net;
using System.Text;

namespace Flywheel.Client.Tests.Streaming;

public sealed class StreamScoresTests : ClientTest
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

    [Fact]
    public async Task StreamScoresAsync_Event_ReadsTheWholeDocument()
    {
        var client = Client();
        Engine.Streams(": hello\n\n" + Event("1") + "event: other\ndata: x\n\n").Answers(HttpStatusCode.NotFound);

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
        Assert.Equal("/v1/campaigns/spring/scores/stream?segment=young%20urban", (await Engine.NextRequestAsync()).Path);
    }

    [Fact]
    public async Task StreamScoresAsync_ConnectionEnds_ReconnectsWithTheLastEventId()
    {
        var client = Client();
        Engine.Streams(Event("7")).Streams(Event("8")).Answers(HttpStatusCode.NotFound);

        await using var scores = Open(client);
        Assert.True(await scores.MoveNextAsync().Guarded());
        var second = scores.MoveNextAsync();
        await Time.PassAsync(Options.InitialRetryDelay);
        Assert.True(await second.Guarded());
        var end = scores.MoveNextAsync();
        await Time.PassAsync(Options.InitialRetryDelay);
        Assert.False(await end.Guarded());

        Assert.Null((await Engine.NextRequestAsync()).LastEventId);
        Assert.Equal("7", (await Engine.NextRequestAsync()).LastEventId);
        Assert.Equal("8", (await Engine.NextRequestAsync()).LastEventId);
    }

    [Fact]
    public async Task StreamScoresAsync_ConnectionComesAndGoes_IsTold()
    {
        var client = Client();
        Engine.Streams(Event("7")).CannotBeReached().Answers(HttpStatusCode.NotFound);
        var told = new List<StreamConnection>();
        client.StreamConnectionChanged += (_, connection) => told.Add(connection);

        await using var scores = Open(client);
        Assert.True(await scores.MoveNextAsync().Guarded());
        var end = scores.MoveNextAsync();
        await Time.PassAsync(Options.InitialRetryDelay);
        await Time.PassAsync(Options.InitialRetryDelay * 2);
        Assert.False(await end.Guarded());

        Assert.Equal([true, false, false], told.Select(connection => connection.IsConnected));
        Assert.All(told, connection => Assert.Equal("spring", connection.Campaign));
        Assert.Equal(new StreamConnection("spring", true, null, null), told[0]);
        Assert.Equal(("The connection ended.", Options.InitialRetryDelay), (told[1].Reason, told[1].RetryIn!.Value));
        Assert.Contains("could not be reached", told[2].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StreamScoresAsync_EngineAway_WaitsLongerEachTime()
    {
        var client = Client();
        Engine.CannotBeReached()
            .Answers(HttpStatusCode.BadGateway)
            .Answers(HttpStatusCode.ServiceUnavailable, retryAfter: new(TimeSpan.FromSeconds(7)))
            .Streams(Event("1"));

        await using var scores = Open(client);
        var first = scores.MoveNextAsync();
        await Time.PassAsync(Options.InitialRetryDelay);
        await Time.PassAsync(Options.InitialRetryDelay * 2);
        await Time.PassAsync(TimeSpan.FromSeconds(7));

        Assert.True(await first.Guarded());
    }

    [Fact]
    public async Task StreamScoresAsync_Silence_Reconnects()
    {
        var client = Client();
        var silent = new Pipe();
        await silent.Writer.WriteAsync(Encoding.UTF8.GetBytes(Event("7")), TestContext.Current.CancellationToken);
        Engine.Streams(silent.Reader.AsStream()).Streams(Event("8"));

        await using var scores = Open(client);
        Assert.True(await scores.MoveNextAsync().Guarded());
        var second = scores.MoveNextAsync();
        Time.Advance(Options.StreamIdleTimeout);
        await Time.PassAsync(Options.InitialRetryDelay);

        Assert.True(await second.Guarded());
    }

    [Fact]
    public async Task StreamScoresAsync_CommentsOfAQuietCampaign_KeepTheConnection()
    {
        var client = Client();
        // A write ends once it was read.
        var quiet = new Pipe(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1));
        Engine.Streams(quiet.Reader.AsStream());

        await using var scores = Open(client);
        var first = scores.MoveNextAsync();
        await WriteAsync(Event("7"));
        Assert.True(await first.Guarded());
        var second = scores.MoveNextAsync();
        Time.Advance(Options.StreamIdleTimeout - TimeSpan.FromSeconds(1));
        // Once the second one is read, the first was heard.
        await WriteAsync(": still here\n\n");
        await WriteAsync(": still here\n\n");
        Time.Advance(Options.StreamIdleTimeout - TimeSpan.FromSeconds(1));
        await WriteAsync(Event("8"));

        Assert.True(await second.Guarded());
        await Engine.NextRequestAsync();

        async Task WriteAsync(string text) => await quiet.Writer.WriteAsync(Encoding.UTF8.GetBytes(text), TestContext.Current.CancellationToken).AsTask().Guarded();
    }

    [Fact]
    public async Task StreamScoresAsync_Refused_Throws()
    {
        var client = Client();
        Engine.Answers(HttpStatusCode.Unauthorized);

        await using var scores = Open(client);
        var failure = await Assert.ThrowsAsync<FlywheelException>(async () => await scores.MoveNextAsync().Guarded());

        Assert.Equal(HttpStatusCode.Unauthorized, failure.Status);
    }

    [Fact]
    public async Task StreamScoresAsync_Cancelled_EndsWithCancellation()
    {
        var client = Client();
        Engine.Streams(new Pipe().Reader.AsStream());
        using var cancellation = new CancellationTokenSource();

        await using var scores = Open(client, cancellation.Token);
        var first = scores.MoveNextAsync();
        await Engine.NextRequestAsync();
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await first.Guarded());
    }

    private static string Event(string id) => $"id: {id}\nevent: scores\ndata: {Document.ReplaceLineEndings("")}\n\n";

    private static IAsyncEnumerator<Scores> Open(FlywheelClient client, CancellationToken? cancellationToken = null) =>
        client.StreamScoresAsync("spring", null, cancellationToken ?? TestContext.Current.CancellationToken).GetAsyncEnumerator();

    private async Task<List<Scores>> ReadPastOneReconnectAsync(FlywheelClient client)
    {
        var all = client.StreamScoresAsync("spring", "young urban", TestContext.Current.CancellationToken)
            .ToListAsync(TestContext.Current.CancellationToken).AsTask();
        await Time.PassAsync(Options.InitialRetryDelay);
        return await all.Guarded();
    }
}
