using Flywheel.Agents.Offline;

namespace Flywheel.Agents.Tests.Offline;

public sealed class FrenchTypographyTests
{
    [Theory]
    [InlineData("de", "Aster", "d’Aster")]
    [InlineData("de", "Éole", "d’Éole")]
    [InlineData("de", "Œuvre", "d’Œuvre")]
    [InlineData("de", "Nimbus", "de Nimbus")]
    [InlineData("que", "iBoat", "qu’iBoat")]
    [InlineData("que", "Les Ateliers", "que Les Ateliers")]
    [InlineData("de", "Hermine", null)]
    [InlineData("de", "Yvette", null)]
    [InlineData("de", "SNCB", null)]
    [InlineData("de", "8 à 8", null)]
    [InlineData("de", "A Cappella", null)]
    public void Elide_BeforeAName_DoesAsItIsSpokenOrLeavesIt(string word, string name, string? expected) =>
        Assert.Equal(expected, FrenchTypography.Elide(word, name));

    [Fact]
    public void Set_BeforeHighSigns_PutsNarrowNoBreakSpaces() =>
        Assert.Equal("Quoi\u202F? Oui\u202F! Un\u202F: deux\u202F; trois", FrenchTypography.Set("Quoi ? Oui ! Un : deux ; trois"));
}
