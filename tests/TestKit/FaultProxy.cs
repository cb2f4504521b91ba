using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Flywheel.TestKit;

/// <summary>
/// Stands between clients and a server on the loopback, and is the network's bad day: it delays, swallows, cuts, and loses the
/// reply to a command that the server has run.
/// </summary>
internal sealed class FaultProxy : IDisposable
{
    /// <summary>How long the server keeps its end of a connection whose reply is lost, so that what was forwarded lands.</summary>
    private static readonly TimeSpan Landing = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<ProxiedConnection, bool> _connections = [];
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _server;
    private volatile byte[] _command = [];
    private volatile bool _isCut;
    private volatile bool _isSilent;
    private int _repliesToLose;
    private int _lostReplies;
    private long _delayMs;

    public FaultProxy(int server)
    {
        _server = server;
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Replies lost so far.</summary>
    public int LostReplies => Volatile.Read(ref _lostReplies);

    /// <summary>What every piece takes longer, each way.</summary>
    public TimeSpan Delay
    {
        get => TimeSpan.FromMilliseconds(Interlocked.Read(ref _delayMs));
        set => Interlocked.Exchange(ref _delayMs, (long)value.TotalMilliseconds);
    }

    /// <summary>While true, nobody gets through: open connections are cut, new ones end at once.</summary>
    public bool IsCut
    {
        get => _isCut;
        set
        {
            _isCut = value;
            if (value)
                End(_ => true);
        }
    }

    /// <summary>
    /// While true, whatever is sent either way is dropped and nobody is told. Connections that have lost something are cut when it
    /// ends, as no protocol could go on in their middle.
    /// </summary>
    public bool IsSilent
    {
        get => _isSilent;
        set
        {
            _isSilent = value;
            if (!value)
                End(connection => connection.HasLost);
        }
    }

    /// <summary>Cuts the connections on which the next commands run, each once the reply is there.</summary>
    /// <param name="many">How many replies to lose.</param>
    /// <param name="command">What such a command holds.</param>
    public void LoseReplies(int many, ReadOnlySpan<byte> command)
    {
        _command = command.ToArray();
        Interlocked.Exchange(ref _repliesToLose, many);
    }

    public void Dispose()
    {
        _listener.Dispose();
        End(_ => true);
    }

    private void End(Func<ProxiedConnection, bool> which)
    {
        foreach (var connection in _connections.Keys.Where(which))
            connection.Dispose();
    }

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
        using var connection = new ProxiedConnection(client);
        if (_isCut)
            return;
        _connections[connection] = true;
        try
        {
            await connection.Server.ConnectAsync(IPAddress.Loopback, _server);
            await Task.WhenAny(
                PumpAsync(connection.Client, connection.Server, connection, chunk =>
                {
                    connection.LosesReply |= chunk.IndexOf(_command) >= 0 && TakeLoss();
                    return true;
                }),
                PumpAsync(connection.Server, connection.Client, connection, _ => !connection.LosesReply));
            if (connection.LosesReply)
            {
                connection.Client.Dispose();
                await Task.Delay(Landing);
                Interlocked.Increment(ref _lostReplies);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The server is not there, or the connection was cut while it was made.
        }
        finally
        {
            _connections.TryRemove(connection, out _);
        }
    }

    private bool TakeLoss()
    {
        if (Interlocked.Decrement(ref _repliesToLose) >= 0)
            return true;
        Interlocked.Increment(ref _repliesToLose);
        return false;
    }

    private async Task PumpAsync(TcpClient from, TcpClient to, ProxiedConnection connection, Passing passes)
    {
        var buffer = new byte[65_536];
        try
        {
            while (await from.GetStream().ReadAsync(buffer) is > 0 and var length && passes(buffer.AsSpan(0, length)))
            {
                if (Delay is { Ticks: > 0 } delay)
                    await Task.Delay(delay);
                if (_isSilent)
                    connection.HasLost = true;
                else
                    await to.GetStream().WriteAsync(buffer.AsMemory(0, length));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // One side is gone; the other follows.
        }
    }

    private delegate bool Passing(ReadOnlySpan<byte> chunk);
}
