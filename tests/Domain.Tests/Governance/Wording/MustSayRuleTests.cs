using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Governance;

namespace Flywheel.Domain.Tests.Governance.Wording;

public sealed class MustSayRuleTests
{
    private const string Rule = "must-say";

    [Theory]
    [InlineData("Aster", "Run lighter with Aster")]
    [InlineData("Aster", "ASTER's softest stride")]
    [InlineData("livraison à domicile", "LIVRAISON A DOMICILE, bien sûr")]
    [InlineData("livraison à domicile", "Livraison  à\u00A0domicile")]
    [InlineData("l'été", "C'est l’été !")]
    [InlineData("week-end", "Un week end dehors")]
    [InlineData("®", "Aster® running")]
    [InlineData("naïve", "Nai\u0308ve")]
    public void Check_TextThatSaysIt_Passes(string asked, string text) => Assert.Empty(Drafts.Check(text, new Brief { MustSay = [asked] }).Of(Rule));

    [Theory]
    [InlineData("Aster", "Run lighter")]
    [InlineData("Aster", "A disaster of a run")]
    [InlineData("Aster", "Asteroids")]
    [InlineData("livraison à domicile", "Domicile : livraison à voir")]
    [InlineData("livraison à domicile", "Livraisons à domicile")]
    [InlineData("®", "Aster running")]
    public void Check_TextThatDoesNot_IsBlocked(string asked, string text) => Drafts.Check(text, new Brief { MustSay = [asked] }).AssertBlocked(Rule, text);

    [Fact]
    public void Check_SeveralAsked_NamesTheMissingOnes() => Assert.Equal(
        ["content.text: \"dehors\" is missing; the brief's mustSay in full"],
        Drafts.Check("Courez avec Aster", new Brief { MustSay = ["Aster", "dehors"] }).Of(Rule).Select(finding => finding.Text));

    [Fact]
    public void Check_WhatAnotherMemberSays_IsSaid() =>
        Assert.Empty(Drafts.Check(Drafts.Headline, Drafts.Content("""{"text":"Run lighter","small":"With Aster"}"""), new Brief { MustSay = ["Aster"] }).Of(Rule));

    [Fact]
    public void Check_WhatIsLongerThanTheSlot_IsForAnotherSlot()
    {
        var finding = Assert.Single(Drafts.Check(Drafts.Headline with { MaxLength = 12 }, Drafts.Saying("Run lighter"), new Brief { MustSay = ["Aster Running"] }).Of(Rule));

        Assert.Equal(new Finding(Rule, FindingSeverity.Info, "content.text: \"Aster Running\" is longer than the slot's maxLength, 12; another slot has to say it"), finding);
    }

    [Fact]
    public void Check_ContentOfAKindWithoutText_IsExempt() =>
        Assert.Empty(Drafts.Check(Drafts.Headline with { Kind = "colour" }, Drafts.Content("""{"colour":"red"}"""), new Brief { MustSay = ["Aster"] }).Of(Rule));

    [Fact]
    public void Check_AnImage_IsExempt() => Assert.Empty(
        Drafts.Check(Drafts.Image, Drafts.Content("""{"url":"https://example.com/a.jpg","alt":"A shoe"}"""), new Brief { MustSay = ["Aster"] }).Of(Rule));
}
