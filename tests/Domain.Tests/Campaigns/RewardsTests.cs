using System.Text.Json;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Domain.Tests.Campaigns;

public sealed class RewardsTests
{
    [Theory]
    [InlineData("1", 1_000_000)]
    [InlineData("0.1", 100_000)]
    [InlineData("0.000001", 1)]
    [InlineData("1e-6", 1)]
    [InlineData("0", 0)]
    [InlineData("1000000", 1_000_000_000_000)]
    public void WeightsMicros_OfADecimalWeight_AreExact(string weight, long micros) =>
        Assert.Equal(micros, Read($"\"click\":{weight}").WeightsMicros["click"]);

    [Fact]
    public void CapMicros_WithoutACap_IsTheLargestWeight() => Assert.Equal(5_000_000, Read("\"click\":1,\"conversion\":5,\"share\":0.3").CapMicros);

    [Theory]
    [InlineData("7.5", 7_500_000)]
    [InlineData("0.5", 500_000)]
    public void CapMicros_WithACap_IsTheCap(string cap, long micros) => Assert.Equal(micros, Read($"\"click\":1,\"cap\":{cap}").CapMicros);

    [Theory]
    [InlineData("{\"perValue\":0.1}", null, 100_000)]
    [InlineData("{\"weight\":1,\"perValue\":0.000001}", 1_000_000L, 1)]
    [InlineData("{\"weight\":0,\"perValue\":0}", 0L, 0)]
    public void PerValueMicros_OfAValuedReward_AreExactAndWrittenAsTheyCame(string reward, long? weight, long perValue)
    {
        var campaign = Documents.Read(Documents.With($"\"rewards\":{{\"click\":1,\"sale\":{reward},\"cap\":50}}"));

        Assert.Equal(perValue, campaign.Rewards.PerValueMicros["sale"]);
        Assert.Equal(weight, campaign.Rewards.WeightsMicros.TryGetValue("sale", out var micros) ? micros : null);
        Assert.Equal(["click", "sale"], campaign.Rewards.Types);
        Assert.Equal(50_000_000, campaign.Rewards.CapMicros);
        using var written = JsonDocument.Parse(CampaignWriter.Write(Documents.Id, campaign));
        Assert.Equal($"{{\"click\":1,\"sale\":{reward},\"cap\":50}}", written.RootElement.GetProperty("rewards").GetRawText());
    }

    [Fact]
    public void Default_IsOneForAClick() => Assert.Equal((1_000_000, 1), (Rewards.Default.CapMicros, Rewards.Default.WeightsMicros.Count));

    private static Rewards Read(string members) => Documents.Read(Documents.With($"\"rewards\":{{{members}}}")).Rewards;
}
