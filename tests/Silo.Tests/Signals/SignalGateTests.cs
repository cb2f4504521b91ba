using System.Globalization;
using System.Net.Sockets;
using System.Text;

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

    /// <summary>Sends the head of a request whose body never comes.</summary>
    private static async Task<TcpClient> BeginAsync(Uri url, int length)
    {
        var client = new TcpClient();
        await client.ConnectAsync(url.Host, url.Port);
        var head = string.Create(CultureInfo.InvariantCulture, $"POST /v1/signals HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\nContent-Length: {length}\r\n\r\n");
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head));
        return client;
    }
}
