using System.Net.Sockets;

namespace Flywheel.TestKit;

/// <summary>A client's connection to the proxy and the one that the proxy made to the server for it.</summary>
internal sealed class ProxiedConnection(TcpClient client) : IDisposable
{
    private volatile bool _hasLost;
    private volatile bool _losesReply;

    public TcpClient Client { get; } = client;

    public TcpClient Server { get; } = new();

    /// <summary>True once something was dropped.</summary>
    public bool HasLost
    {
        get => _hasLost;
        set => _hasLost = value;
    }

    /// <summary>True once the server got the command whose reply is to be lost.</summary>
    public bool LosesReply
    {
        get => _losesReply;
        set => _losesReply = value;
    }

    public void Dispose()
    {
        Client.Dispose();
        Server.Dispose();
    }
}
