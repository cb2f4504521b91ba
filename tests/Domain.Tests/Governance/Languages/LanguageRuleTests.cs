using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Governance;

namespace Flywheel.Domain.Tests.Governance.Languages;

public sealed class LanguageRuleTests
{
    private const string Rule = "language";

    [Theory]
    [InlineData("fr", "What your knees wish you knew about the road")]
    [InlineData("fr-FR", "The shoes that you will want to wear every day")]
    [InlineData("French", "We made this for those who run in the rain")]
    [InlineData("en", "Ce que vos genoux aimeraient vous dire")]
    [InlineData("en-GB", "La chaussure qui pardonne vos lundis")]
    [InlineData("EN", "CE QUE VOS GENOUX AIMERAIENT VOUS DIRE")]
    [InlineData("en", "C’est l’été, j’arrive d’un coup")]
    [InlineData("fr", "Der Schuh, der dir und deinen Knien nicht weh tut")]
    [InlineData("en", "El zapato que tus rodillas querían para la montaña")]
    [InlineData("fr", "Le scarpe che i tuoi piedi sognano di avere per la città")]
    [InlineData("en", "De schoen die het lopen voor jou en je knieën makkelijk maakt")]
    [InlineData("fr", "Лёгкий бег каждое утро")]
    [InlineData("en", "走るのが楽しくなる靴")]
    [InlineData("de", "What your knees wish you knew about the road")]
    [InlineData("sv", "What your knees wish you knew about the road")]
    [InlineData("ja", "What your knees wish you knew about the road")]
    public void Check_TextSurelyInAnotherLanguage_IsBlocked(string language, string text) => Drafts.Check(text, new Brief { Language = language }).AssertBlocked(Rule, text);

    [Theory]
    [InlineData("fr", "Ce que vos genoux aimeraient vous dire")]
    [InlineData("français", "Les runners du team Aster sont des fans de trail et de running")]
    [InlineData("en", "What your knees wish you knew about the road")]
    [InlineData("english", "The café à la mode that you and your fiancé will love")]
    [InlineData("en", "It's the joie de vivre of our running club, and it's contagious")]
    [InlineData("de", "Der Schuh, der dir und deinen Knien nicht weh tut")]
    public void Check_TextInTheBriefsLanguage_HasNoFinding(string language, string text) => Assert.Empty(Drafts.Check(text, new Brief { Language = language }).Of(Rule));

    [Theory]
    [InlineData("Run lighter")]
    [InlineData("Courez plus léger")]
    [InlineData("素")]
    public void Check_AShortText_SaysThatItIsTooShortToTell(string text) => Assert.Equal(
        new Finding(Rule, FindingSeverity.Info, "content.text: too short to tell its language"),
        Assert.Single(Drafts.Check(text, Drafts.French).Of(Rule)));

    [Fact]
    public void Check_ATextWithoutEvidence_SaysThatItCannotTell() => Assert.Equal(
        new Finding(Rule, FindingSeverity.Info, "content.text: its language can't be told"),
        Assert.Single(Drafts.Check("Trail running shoes, spring collection", Drafts.French).Of(Rule)));

    [Theory]
    [InlineData(null)]
    [InlineData("  ")]
    public void Check_ABriefWithoutLanguage_AsksForNone(string? language) => Assert.Empty(Drafts.Check("What your knees wish you knew", new Brief { Language = language }).Of(Rule));
}
