using Flywheel.Domain.Campaigns;

namespace Flywheel.Domain.Tests.Campaigns;

public sealed class PublishedCampaignTests
{
    private static readonly PublishedCampaign Spring = Published.Of(Documents.Contract);

    [Theory]
    [InlineData("\"Spring shoes\"", "\"Summer shoes\"")]
    [InlineData("\"live\"", "\"paused\"")]
    [InlineData("\"approve\"", "\"off\"")]
    [InlineData("\"click\": 1", "\"click\": 2")]
    [InlineData("\"lt\": 30", "\"lt\": 40")]
    [InlineData("\"01:00:00\"", "\"02:00:00\"")]
    public void ServesAs_ChangeThatPoliciesDoNotDependOn_IsTrue(string from, string to) => Assert.True(Changed(from, to).ServesAs(Spring));

    [Theory]
    [InlineData("\"id\": \"h2\"", "\"id\": \"h3\"")]
    [InlineData("\"id\": \"headline\"", "\"id\": \"title\"")]
    [InlineData("\"id\": \"young-urban\"", "\"id\": \"young\"")]
    [InlineData("\"control\": 0.05", "\"control\": 0.1")]
    [InlineData("\"minPropensity\": 0.0", "\"minPropensity\": 0.01")]
    [InlineData("\"conversion\": 5", "\"conversion\": 6")]
    public void ServesAs_ChangeThatPoliciesDependOn_IsFalse(string from, string to) => Assert.False(Changed(from, to).ServesAs(Spring));

    [Fact]
    public void ServesAs_AnotherModuleInASlot_IsFalse() =>
        Assert.False(Changed("\"id\": \"i1\", \"content\"", "\"id\": \"i0\", \"content\": {\"url\": \"x\"} }, { \"id\": \"i1\", \"content\"").ServesAs(Spring));

    [Fact]
    public void ServesAs_AnotherVersionOfAModule_IsFalse() => Assert.False(Published.Of(Documents.Contract, version: 2).ServesAs(Spring));

    [Fact]
    public void ModuleKey_OfStoredCounts_NeverChanges() => Assert.Equal(0xADFBD02AAE60A3BDUL, PublishedCampaign.ModuleKey("headline", "h2", 1));

    [Fact]
    public void ModuleKey_OfEveryVersionAndPlace_IsItsOwn()
    {
        string[] ids = ["a", "b", "a-1", "1"];
        var keys = ids.SelectMany(slot => ids.SelectMany(module => Enumerable.Range(1, 40).Select(version => PublishedCampaign.ModuleKey(slot, module, version))));

        Assert.Equal(ids.Length * ids.Length * 40, keys.Distinct().Count());
    }

    private static PublishedCampaign Changed(string from, string to)
    {
        Assert.Contains(from, Documents.Contract, StringComparison.Ordinal);
        return Published.Of(Documents.Contract.Replace(from, to, StringComparison.Ordinal));
    }
}
