using System.Net;

namespace Flywheel.Client.Tests.Health;

public sealed class WaitUntilReadyTests
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);

    private readonly ScriptedEngine _engine = new();
    private readonly BarrierTime _time = new();

    [Fact(Timeout = Hang.LimitMs)]
    public async Task WaitUntilReadyAsync_EngineStarts_ReturnsOnceItIsReady()
    {
        await using var client = _engine.Client(new FlywheelClientOptions { TimeProvider = _time });
        _engine.CannotBeReached().Answers(HttpStatusCode.ServiceUnavailable).Answers(HttpStatusCode.OK);

        var ready = client.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        await _time.PassAsync(PollInterval);
        await _time.PassAsync(PollInterval);
        await ready;

        Assert.Equal("/health/ready", (await _engine.NextRequestAsync()).Path);
        Assert.Equal(3, _engine.Received);
    }

    [Fact(Timeout = Hang.LimitMs)]
    public async Task WaitUntilReadyAsync_NotAnEngine_Throws()
    {
        await using var client = _engine.Client(new FlywheelClientOptions { TimeProvider = _time });
        _engine.Answers(HttpStatusCode.NotFound);

        await Assert.ThrowsAsync<FlywheelException>(() => client.WaitUntilReadyAsync(TestContext.Current.CancellationToken));
    }
}
