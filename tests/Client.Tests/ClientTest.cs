using System.Collections.Concurrent;

namespace Flywheel.Client.Tests;

/// <summary>A client of a scripted engine on a clock that the test moves.</summary>
public abstract class ClientTest : IAsyncDisposable
{
    private FlywheelClient? _client;

    private protected ScriptedEngine Engine { get; } = new();

    private protected BarrierTime Time { get; } = new();

    private protected ConcurrentQueue<SignalRejection> Rejections { get; } = [];

    protected FlywheelClientOptions Options { get; }

    protected ClientTest() => Options = new FlywheelClientOptions { TimeProvider = Time, Jitter = () => 0 };

    protected FlywheelClient Client(FlywheelClientOptions? options = null)
    {
        _client = Engine.Client(options ?? Options);
        _client.SignalRejected += (_, rejection) => Rejections.Enqueue(rejection);
        return _client;
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Time.RunFree();
        if (_client is not null)
            await _client.DisposeAsync().AsTask().Guarded();
    }
}
