using System.Net;

namespace Flywheel.Client.Tests.Health;

public sealed class WaitUntilReadyTests : ClientTest
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);

    [Fact]
    public async Task WaitUntilReadyAsync_EngineStarts_ReturnsOnceItIsReady()
    {
        var client = Client();
        Engine.CannotBeReached().Answers(HttpStatusCode.ServiceUnavailable).Answers(HttpStatusCode.OK);

        var ready = client.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        await Time.PassAsync(PollInterval);
        await Time.PassAsync(PollInterval);
        await ready.Guarded();

        Assert.Equal("/health/ready", (await Engine.NextRequestAsync()).Path);
        Assert.Equal(3, Engine.Received);
    }

    [Fact]
    public async Task WaitUntilReadyAsync_NotAnEngine_Throws()
    {
        var client = Client();
        Engine.Answers(HttpStatusCode.NotFound);

        await Assert.ThrowsAsync<FlywheelException>(() => client.WaitUntilReadyAsync(TestContext.Current.CancellationToken).Guarded());
    }
}
