namespace Flywheel.Client.Tests.Local;

public sealed class LocalOptionsTests
{
    [Theory]
    [InlineData(9)]
    [InlineData(60_001)]
    public void ReportInterval_OutsideItsLimits_Throws(int milliseconds) =>
        Assert.Throws<ArgumentOutOfRangeException>("ReportInterval", () => new LocalOptions { ReportInterval = TimeSpan.FromMilliseconds(milliseconds) });
}
