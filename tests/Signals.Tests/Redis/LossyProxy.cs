using System.Net;
using System.Net.Sockets;

namespace Flywheel.Signals.Tests.Redis;

/// <summary>Stands between a client and a server on the loopback and can lose the reply to a script: the server has run it, the client never hears.</summary>
internal sealed class LossyProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _server;
    private volatile bool _losesNextReply;

    public LossyProxy(int server)
    {
        _server = server;
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Cuts the connection on which the next script runs, once its reply is there.</summary>
    public void LoseNextReply() => _losesNextReply = true;

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            await server.ConnectAsync(IPAddress.Loopback, _server);
            var isLost = false;
            await Task.WhenAny(
                PumpAsync(client.GetStream(), server.GetStream(), chunk =>
                {
                    isLost = _losesNextReply && chunk.IndexOf("EVAL"u8) >= 0;
                    _losesNextReply &= !isLost;
                    return true;
                }),
                PumpAsync(server.GetStream(), client.GetStream(), _ => !isLost));
        }
    }

    private static async Task PumpAsync(NetworkStream from, NetworkStream to, Passing passes)
    {
        var buffer = new byte[65_536];
        try
        {
            while (await from.ReadAsync(buffer) is > 0 and var length && passes(buffer.AsSpan(0, length)))
                await to.WriteAsync(buffer.AsMemory(0, length));
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // One side is gone; the other follows.
        }
    }

    private delegate bool Passing(ReadOnlySpan<byte> chunk);
}
