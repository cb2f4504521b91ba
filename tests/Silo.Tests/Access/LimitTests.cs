using System.Net.Sockets;
using System.Text;

namespace Flywheel.Silo.Tests.Access;

/// <summary>Senders that are too slow or send too much, on a bare socket.</summary>
public sealed class LimitTests(Engine engine) : EngineTest(engine)
{
    [Theory]
    [InlineData(20, 1_000, "431")]
    [InlineData(200, 10, "431")]
    public async Task Headers_TooManyOrTooLarge_AreRefused(int many, int length, string status)
    {
        var headers = string.Concat(Enumerable.Range(0, many).Select(i => $"X-{i}: {new string('a', length)}\r\n"));

        Assert.StartsWith($"HTTP/1.1 {status}", await SendAsync($"GET /v1/campaigns HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RequestLine_TooLong_IsRefused() =>
        Assert.StartsWith("HTTP/1.1 414", await SendAsync($"GET /v1/b/click/{new string('a', 20_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n"), StringComparison.Ordinal);

    /// <summary>Slowloris: a header that never ends.</summary>
    [Fact]
    public async Task Headers_ThatNeverEnd_EndTheConnection()
    {
        var answer = await SendAsync("GET /v1/campaigns HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");

        Assert.True(answer.Length == 0 || answer.StartsWith("HTTP/1.1 408", StringComparison.Ordinal), answer);
        (await Api.GetAsync("/v1/campaigns")).Expect(200);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task Body_ThatWouldGrow_IsNotUnpacked(string encoding) =>
        Assert.StartsWith("HTTP/1.1 415", await SendAsync($"POST /v1/signals HTTP/1.1\r\nHost: localhost\r\nContent-Encoding: {encoding}\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}"), StringComparison.Ordinal);

    /// <summary>Sends this and reads until the engine closes the connection, or has answered.</summary>
    private async Task<string> SendAsync(string text)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(Engine.Url.Host, Engine.Url.Port, Cancel);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(text), Cancel);
        var (buffer, answer) = (new byte[4_096], new StringBuilder());
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(Eventually.Patience);
        try
        {
            while (await stream.ReadAsync(buffer, patience.Token) is > 0 and var length)
            {
                answer.Append(Encoding.ASCII.GetString(buffer, 0, length));
                if (answer.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
                    break;
            }
        }
        catch (IOException)
        {
            // Reset: closed without a word.
        }
        return answer.ToString();
    }
}
