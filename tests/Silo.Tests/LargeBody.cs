using System.Net.Sockets;
using System.Text;

namespace Flywheel.Silo.Tests;

/// <summary>
/// Sends 50 MB over a bare connection, which goes on reading where the engine answers before it has taken everything (an
/// HTTP client would only report that the connection broke).
/// </summary>
internal static class LargeBody
{
    private const int Bytes = 50_000_000;
    private const string Problem = "application/problem+json";

    /// <summary>The status of the answer, which must be a problem document.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="method">The method.</param>
    /// <param name="path">The path.</param>
    /// <param name="stated">True where the length is stated ahead, false where the body comes in chunks.</param>
    /// <param name="piece">What the body repeats; spaces where null.</param>
    /// <param name="contentType">The type that is stated.</param>
    public static async Task<int> SendAsync(Uri engine, string method, string path, bool stated, string? piece = null, string contentType = "application/json")
    {
        using var client = new TcpClient();
        await client.ConnectAsync(engine.Host, engine.Port, TestContext.Current.CancellationToken);
        await using var stream = client.GetStream();
        var length = stated ? $"Content-Length: {Bytes}" : "Transfer-Encoding: chunked";
        var head = $"{method} {path} HTTP/1.1\r\nHost: {engine.Authority}\r\nContent-Type: {contentType}\r\n{length}\r\nConnection: close\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head), TestContext.Current.CancellationToken);
        await WriteAsync(stream, Encoding.UTF8.GetBytes(Fill(piece ?? " ")), stated);
        var answer = await ReadAsync(stream);
        Assert.Contains(Problem, answer, StringComparison.Ordinal);
        return int.Parse(answer.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static string Fill(string piece) => string.Concat(Enumerable.Repeat(piece, 65_536 / piece.Length));

    private static async Task WriteAsync(NetworkStream stream, byte[] piece, bool stated)
    {
        byte[] chunk = stated ? piece : [.. Encoding.ASCII.GetBytes($"{piece.Length:x}\r\n"), .. piece, .. "\r\n"u8];
        try
        {
            for (var left = Bytes; left > 0; left -= piece.Length)
                await stream.WriteAsync(stated && left < piece.Length ? chunk.AsMemory(0, left) : chunk, TestContext.Current.CancellationToken);
            if (!stated)
                await stream.WriteAsync("0\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            // The engine has heard enough; what it said is waiting to be read.
        }
    }

    private static async Task<string> ReadAsync(NetworkStream stream)
    {
        var answer = new MemoryStream();
        try
        {
            await stream.CopyToAsync(answer, TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            // It closed the connection behind its answer.
        }
        return Encoding.UTF8.GetString(answer.ToArray());
    }
}
