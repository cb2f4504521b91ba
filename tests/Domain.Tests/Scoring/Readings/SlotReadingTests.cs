using Flywheel.Domain.Scoring.Readings;

namespace Flywheel.Domain.Tests.Scoring.Readings;

public sealed class SlotReadingTests
{
    [Fact]
    public void Attributes_OfASlot_AreItsValuesWithWhoHasThem()
    {
        var attributes = ReadingCase.Segment("default", (1_000, 30), (1_000, 30), (1_000, 30), (1_000, 30)).Slots[0].Attributes().ToList();

        Assert.Equal(
            ["angle=benefit: h1 h3 h4", "angle=curiosity: h2", "tone=sober: h3", "tone=warm: h1 h2"],
            attributes.Select(attribute => $"{attribute.Name}={attribute.Value}: {string.Join(' ', attribute.Modules)}"));
        Assert.Equal([3_000, 1_000, 1_000, 2_000], attributes.Select(attribute => attribute.Impressions));
    }

    [Fact]
    public void Attributes_ThatAllModulesHave_AreNotCompared()
    {
        var slot = ReadingCase.Segment("default", (1_000, 30), (1_000, 30), (1_000, 30), (1_000, 30)).Slots[0];
        var alike = new SlotReading("headline", [.. slot.Modules.Select(module => module with { Attributes = slot.Modules[0].Attributes })]);

        Assert.Empty(alike.Attributes());
    }

    [Theory]
    [InlineData(5_000, 150, 150, true)]
    [InlineData(5_000, 250, 150, false)]
    [InlineData(2_000, 80, 80, false)]
    [InlineData(5_000, 50, 50, false)]
    public void NothingStandsOut_AfterSoMuch_IsTrueWhereAllCouldBeTheAverage(long impressions, double first, double others, bool nothing) =>
        Assert.Equal(nothing, ReadingCase.Segment("default", (impressions, first), (impressions, others), (impressions, others), (impressions, others)).Slots[0].NothingStandsOut);

    [Fact]
    public void NothingStandsOut_SingleModule_IsFalse()
    {
        var slot = ReadingCase.Segment("default", (50_000, 2_500)).Slots[0];

        Assert.False(new SlotReading("headline", [slot.Modules[0]]).NothingStandsOut);
    }
}
