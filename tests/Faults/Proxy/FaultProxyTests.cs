using System.Net;
using System.Net.Sockets;
using System.Text;
using Flywheel.TestKit;

namespace Flywheel.Faults.Proxy;

public sealed class FaultProxyTests : IDisposable
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);

    private readonly TcpListener _server = new(IPAddress.Loopback, 0);
    private readonly StringBuilder _received = new();
    private readonly FaultProxy _proxy;

    public FaultProxyTests()
    {
        _server.Start();
        _ = EchoAsync();
        _proxy = new FaultProxy(((IPEndPoint)_server.LocalEndpoint).Port);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _proxy.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task Proxy_WithoutAFault_PassesBothWays()
    {
        using var client = await ConnectAsync();
        Assert.Equal("hello", await AskAsync(client, "hello"));
        Assert.Equal("again", await AskAsync(client, "again"));
    }

    [Fact]
    public async Task LoseReplies_OfACommand_CutsTheConnectionAfterTheServerGotIt()
    {
        _proxy.LoseReplies(1, "COMMIT"u8);
        using var client = await ConnectAsync();
        Assert.Equal("READ", await AskAsync(client, "READ"));

        Assert.Null(await AskAsync(client, "COMMIT"));

        Assert.Equal("READCOMMIT", _received.ToString());
        await Patience.UntilAsync("one lost reply", () => _proxy.LostReplies == 1);
        using var next = await ConnectAsync();
        Assert.Equal("COMMIT", await AskAsync(next, "COMMIT"));
    }

    [Fact]
    public async Task IsCut_WhileTrue_EndsEveryConnection()
    {
        using var client = await ConnectAsync();
        Assert.Equal("a", await AskAsync(client, "a"));

        _proxy.IsCut = true;
        using var refused = await ConnectAsync();
        Assert.Null(await AskAsync(client, "b"));
        Assert.Null(await AskAsync(refused, "c"));

        _proxy.IsCut = false;
        using var next = await ConnectAsync();
        Assert.Equal("d", await AskAsync(next, "d"));
    }

    [Fact]
    public async Task IsSilent_WhileTrue_DropsAndTellsNobody()
    {
        using var client = await ConnectAsync();
        Assert.Equal("a", await AskAsync(client, "a"));

        _proxy.IsSilent = true;
        var asked = AskAsync(client, "b");
        Assert.NotSame(asked, await Task.WhenAny(asked, Task.Delay(Short, Cancel)));
        _proxy.IsSilent = false;

        Assert.Null(await asked);
        Assert.Equal("a", _received.ToString());
    }

    [Fact]
    public async Task Delay_OfAWay_IsTakenTwice()
    {
        _proxy.Delay = Short;
        using var client = await ConnectAsync();
        var started = TimeProvider.System.GetTimestamp();

        Assert.Equal("a", await AskAsync(client, "a"));

        Assert.True(TimeProvider.System.GetElapsedTime(started) >= 2 * Short - TimeSpan.FromMilliseconds(20));
    }

    /// <summary>Null where the connection ended instead.</summary>
    private static async Task<string?> AskAsync(TcpClient client, string text)
    {
        var buffer = new byte[100];
        try
        {
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text), Cancel);
            var length = await client.GetStream().ReadAsync(buffer, Cancel);
            return length == 0 ? null : Encoding.ASCII.GetString(buffer, 0, length);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private async Task<TcpClient> ConnectAsync()
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _proxy.Port, Cancel);
        return client;
    }

    private async Task EchoAsync()
    {
        try
        {
            while (true)
                _ = EchoAsync(await _server.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task EchoAsync(TcpClient client)
    {
        using (client)
        {
            var buffer = new byte[100];
            while (await client.GetStream().ReadAsync(buffer) is > 0 and var length)
            {
                _received.Append(Encoding.ASCII.GetString(buffer, 0, length));
                await client.GetStream().WriteAsync(buffer.AsMemory(0, length));
            }
        }
    }
}
