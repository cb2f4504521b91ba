using System.Text;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Decisions;
using Flywheel.Domain.Learning;
using Flywheel.Domain.Tests.Campaigns;
using Flywheel.Domain.Tests.Learning;

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

    /// <summary>What an approved proposal begins with: its angle's evidence, and nothing where it resembles nobody.</summary>
    [Fact]
    public void ModulePriors_OfANewModule_LetItInheritFromWhatSharesItsAttributes()
    {
        var (benefit, curiosity, blank) = (RateOfTheNewcomer("""{"angle":"benefit"}"""), RateOfTheNewcomer("""{"angle":"curiosity"}"""), RateOfTheNewcomer("{}"));

        Assert.True(benefit > 1.05 * blank && blank > 1.05 * curiosity, $"Expected more with benefit than without attributes, and less with curiosity; came {benefit}, {blank} and {curiosity}");
    }

    /// <summary>What is expected of a module that was never shown, where modules with the angle benefit have earned nearly twice as much as those with curiosity.</summary>
    private static double RateOfTheNewcomer(string attributes)
    {
        var layout = new CampaignLayout(Published.Of($$$"""
            {"slots":[{"id":"s0","modules":[
              {"id":"m0","attributes":{"angle":"benefit"}}, {"id":"m1","attributes":{"angle":"benefit"}},
              {"id":"m2","attributes":{"angle":"curiosity"}}, {"id":"m3","attributes":{"angle":"curiosity"}},
              {"id":"m4","attributes":{{{attributes}}}} ]}]}
            """));
        var input = new Timeline(8, 5).Serve(40_000, [0.25, 0.25, 0.25, 0.25, 0], served => served[0] < 2 ? 0.05 : 0.03).Input();
        Assert.Equal(layout.ModuleKeys[0], input.Slots[0]);
        return new ModuleEffectsLearner().Fit(input with { Priors = layout.ModulePriors }).Modules[0][4].Rate;
    }

    [Fact]
    public void Utf8_OfAServedModule_IsItsPartOfTheAnswer() =>
        Assert.Equal("""{"module":"h1","version":3,"content":{"text":"Run lighter"}}""", Encoding.UTF8.GetString(Layout.Slots[0].Modules[0].Utf8.Span));
}
