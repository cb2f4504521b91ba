using System.Text;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Decisions;
using Flywheel.Domain.Tests.Campaigns;

namespace Flywheel.Domain.Tests.Decisions;

public sealed class CampaignLayoutTests
{
    private static readonly CampaignLayout Layout = new(Published.Of(Documents.Contract, version: 3));

    [Fact]
    public void Layout_OfACampaign_HasItsShape()
    {
        Assert.Equal([2, 1], Layout.ModulesPerSlot);
        Assert.Equal(["young-urban", "default"], Layout.SegmentIds);
        Assert.Equal(["headline", "image"], Layout.Slots.Select(slot => slot.Id));
        Assert.Equal(1, Layout.IndexOfSlot("image"));
        Assert.Equal(-1, Layout.IndexOfSlot("Image"));
    }

    [Fact]
    public void KeyOf_ModuleInForce_IsTheKeyOfItsVersion()
    {
        var key = PublishedCampaign.ModuleKey("headline", "h2", 3);

        Assert.Equal(key, Layout.KeyOf("headline", "h2"));
        Assert.Equal(key, Layout.ModuleKeys[0][1]);
        Assert.Equal(key, Layout.Slots[0].Modules[1].Key);
    }

    [Theory]
    [InlineData("headline", "h3")]
    [InlineData("image", "h2")]
    [InlineData("footer", "h2")]
    public void KeyOf_NoSuchModule_IsNull(string slot, string module) => Assert.Null(Layout.KeyOf(slot, module));

    [Fact]
    public void Utf8_OfAServedModule_IsItsPartOfTheAnswer() =>
        Assert.Equal("""{"module":"h1","version":3,"content":{"text":"Run lighter"}}""", Encoding.UTF8.GetString(Layout.Slots[0].Modules[0].Utf8.Span));
}
