using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Flywheel.Silo.Api.Signals;

namespace Flywheel.Silo.Tests.Signals;

/// <summary>Bodies of signals that are on their way in are bounded in bytes; decisions do not wait for them.</summary>
public sealed class SignalGateTests
{
    private const string Campaign = "spring";
    private const int Largest = 16 * 1024 * 1024;

    [Fact]
    public async Task Post_TooManyBytesOnTheirWay_Answers429AndGoesOnOnceTheyAreThere()
    {
        await using var engine = await Engine.StartAsync();
        (await engine.Api.PutAsync($"/v1/campaigns/{Campaign}", Wire.Campaign([2]))).Expect(201);
        var signal = Wire.Signal(await engine.Api.DecideAsync(Campaign), "impression");
        var begun = new List<TcpClient>();
        try
        {
            // Begun anew each time: a body that never comes is given up on after a few seconds, and a signal may find the engine before they do.
            var refused = await Eventually.ReadsAsync(PostBesideLargeBodiesAsync, answer => answer.Status == 429, "429");
            Assert.True(refused.Headers.RetryAfter?.Delta > TimeSpan.Zero);
            await engine.Api.DecideAsync(Campaign);
        }
        finally
        {
            begun.ForEach(client => client.Dispose());
        }

        await Eventually.ReadsAsync(() => engine.Api.PostAsync("/v1/signals", signal), answer => answer.Status == 202, "202");
        await Eventually.ReadsAsync(() => engine.Api.ScoresAsync(Campaign), scores => scores.Ledger.Counted == 1, "one signal counted");

        async Task<Answer> PostBesideLargeBodiesAsync()
        {
            begun.Add(await BeginAsync(engine.Url, Largest));
            begun.Add(await BeginAsync(engine.Url, Largest));
            return await engine.Api.PostAsync("/v1/signals", signal);
        }
    }

    /// <summary>Bodies that do not say how long they are take the room of what has come of them.</summary>
    [Fact]
    public async Task Post_ManySmallBodiesOfUnknownLength_LeaveRoomForOthers()
    {
        await using var engine = await Engine.StartAsync();
        (await engine.Api.PutAsync($"/v1/campaigns/{Campaign}", Wire.Campaign([2]))).Expect(201);
        var signal = Wire.Signal(await engine.Api.DecideAsync(Campaign), "impression");
        var begun = new List<TcpClient>();
        try
        {
            for (var i = 0; i < 64; i++)
                begun.Add(await BeginAsync(engine.Url, "Transfer-Encoding: chunked", "2\r\n{}\r\n"));

            (await engine.Api.PostAsync("/v1/signals", signal)).Expect(202);
        }
        finally
        {
            begun.ForEach(client => client.Dispose());
        }
    }

    [Fact]
    public async Task Room_OfABodyThatDoesNotSayItsLength_GrowsWithItAndEndsWithTheGate()
    {
        using var gate = new SignalGate();
        using var small = await gate.EnterAsync(null, TestContext.Current.CancellationToken);
        using (var large = await gate.EnterAsync(null, TestContext.Current.CancellationToken))
        {
            Assert.True(large.IsAcquired && large.Covers(1) && large.Covers(Largest - SignalGate.BytesAPermit));
            Assert.True(small.Covers(SignalGate.BytesAPermit));
            Assert.False(small.Covers(SignalGate.BytesAPermit + 1));
        }
        Assert.True(small.Covers(Largest / 2));
    }

    private static Task<TcpClient> BeginAsync(Uri url, int length) => BeginAsync(url, string.Create(CultureInfo.InvariantCulture, $"Content-Length: {length}"), "");

    /// <summary>Sends the head of a request, and what is there of its body, whose end never comes.</summary>
    private static async Task<TcpClient> BeginAsync(Uri url, string header, string body)
    {
        var client = new TcpClient();
        await client.ConnectAsync(url.Host, url.Port);
        var head = string.Create(CultureInfo.InvariantCulture, $"POST /v1/signals HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n{header}\r\n\r\n{body}");
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head));
        return client;
    }
}
