using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Flywheel.Benchmarks.Load;

/// <summary>One keep-alive connection that asks for decisions and allocates nothing, so that the generator's own collections are not measured.</summary>
internal sealed class DecisionConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _request;
    private readonly byte[] _answer = new byte[64 * 1024];

    private DecisionConnection(Uri engine, string body) => _request = Encoding.ASCII.GetBytes(
        $"POST /v1/decisions HTTP/1.1\r\nHost: {engine.Authority}\r\nContent-Type: application/json\r\nContent-Length: {body.Length.ToString(CultureInfo.InvariantCulture)}\r\n\r\n{body}");

    public static async Task<DecisionConnection> OpenAsync(Uri engine, string body)
    {
        var connection = new DecisionConnection(engine, body);
        await connection._socket.ConnectAsync(IPAddress.Parse(engine.Host), engine.Port);
        return connection;
    }

    /// <returns>True.</returns>
    /// <exception cref="InvalidDataException">The answer was no decision.</exception>
    public async ValueTask<bool> DecideAsync()
    {
        await _socket.SendAsync(_request, SocketFlags.None);
        var (length, whole) = (0, int.MaxValue);
        while (length < whole)
        {
            var read = await _socket.ReceiveAsync(_answer.AsMemory(length), SocketFlags.None);
            if (read == 0)
                throw new InvalidDataException("The engine closed the connection.");
            length += read;
            if (whole == int.MaxValue)
                whole = LengthOf(_answer.AsSpan(0, length));
        }
        return true;
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>The length of the whole answer; <see cref="int.MaxValue"/> while its head is not there.</summary>
    private static int LengthOf(ReadOnlySpan<byte> answer)
    {
        var head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0)
            return int.MaxValue;
        var at = answer[..head].IndexOf("Content-Length: "u8);
        if (!answer.StartsWith("HTTP/1.1 200"u8) || at < 0 || !System.Buffers.Text.Utf8Parser.TryParse(answer[(at + 16)..head], out int body, out _))
            throw new InvalidDataException($"Expected a decision, came: {Encoding.ASCII.GetString(answer[..Math.Min(head, 200)])}");
        return head + 4 + body;
    }
}
