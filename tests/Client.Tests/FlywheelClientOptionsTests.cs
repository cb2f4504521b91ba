namespace Flywheel.Client.Tests;

public sealed class FlywheelClientOptionsTests
{
    [Fact]
    public void Options_BeyondTheirLimits_Throw()
    {
        var failure = Assert.Throws<ArgumentOutOfRangeException>(() => new FlywheelClientOptions { MaxBatchSize = 10_001 });

        Assert.Equal(nameof(FlywheelClientOptions.MaxBatchSize), failure.ParamName);
        Assert.Throws<ArgumentOutOfRangeException>(() => new FlywheelClientOptions { BufferCapacity = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new FlywheelClientOptions { BatchInterval = TimeSpan.Zero });
    }

    [Fact]
    public void Client_WithoutBaseAddress_Throws() =>
        Assert.Throws<ArgumentException>(() => new FlywheelClient(new HttpClient(new ScriptedEngine())));
}
