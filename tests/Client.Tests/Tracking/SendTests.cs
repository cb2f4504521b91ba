using System.Net;

namespace Flywheel.Client.Tests.Tracking;

public sealed class SendTests : ClientTest
{
    [Fact]
    public async Task SendAsync_SomeRejected_ReturnsTheReceipt()
    {
        var client = Client();
        Engine.Answers(HttpStatusCode.Accepted, """{"accepted":1,"rejected":[{"index":1,"error":"forged decisionId"}]}""");

        var receipt = await client.SendAsync([Signal.Click("d1"), Signal.Click("d2")], TestContext.Current.CancellationToken);

        Assert.Equal(1, receipt.Accepted);
        Assert.Equal([new RejectedSignal(1, "forged decisionId")], receipt.Rejected);
    }

    [Fact]
    public async Task SendAsync_EngineUnavailable_ThrowsWithoutRetry()
    {
        var client = Client();
        Engine.Answers(HttpStatusCode.ServiceUnavailable, """{"title":"Store away"}""", new(TimeSpan.FromSeconds(3)));

        var failure = await Assert.ThrowsAsync<FlywheelException>(
            () => client.SendAsync([Signal.Click("d1")], TestContext.Current.CancellationToken));

        Assert.Equal((TimeSpan.FromSeconds(3), true, 1), (failure.RetryAfter, failure.IsTransient, Engine.Received));
    }

    [Fact]
    public async Task SendAsync_NoSignals_SendsNothing()
    {
        var client = Client();

        Assert.Equal(0, (await client.SendAsync([], TestContext.Current.CancellationToken)).Accepted);
        Assert.Equal(0, Engine.Received);
    }

    [Fact]
    public async Task SendAsync_Observed_WritesTheThirdForm()
    {
        var client = Client();
        Engine.AcceptsSignals();
        var modules = new Dictionary<string, string> { ["headline"] = "h2" };

        await client.SendAsync(
            [Signal.Observed("crm-1", "click", "spring", "default", modules, 12, "earned")], TestContext.Current.CancellationToken);

        Assert.Equal(
            """{"type":"click","id":"crm-1","campaign":"spring","segment":"default","modules":{"headline":"h2"},"count":12,"channel":"earned"}""",
            Assert.Single((await Engine.NextRequestAsync()).Lines));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Conversion_ValueNotFinite_Throws(double value) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Signal.Conversion("d1", "order-77", value));
}
