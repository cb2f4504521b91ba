using Flywheel.Domain.Governance;

namespace Flywheel.Domain.Tests.Governance;

public sealed class DuplicateRuleTests
{
    private const string Rule = "duplicate";

    [Theory]
    [InlineData("Run lighter", "Run lighter")]
    [InlineData("Run lighter", "RUN  LIGHTER!")]
    [InlineData("Run lighter", "Lighter? Run.")]
    [InlineData("L'été arrive", "L’ete arrive…")]
    [InlineData("Run lighter", "Run l\u0456ghter")]
    [InlineData("Run lighter", "Run\u200B lighter 👟")]
    [InlineData("What your knees wish you knew", "What your knees wish you knews")]
    [InlineData("Your morning miles just got softer", "Your evening miles just got softer")]
    [InlineData("Ce que vos genoux aimeraient vous dire", "Ce que vos genoux aimeraient te dire")]
    public void Check_WhatIsAllButTheSame_IsBlocked(string known, string text)
    {
        CheckLive(known, text).AssertBlocked(Rule, text);
        CheckRejected(known, text).AssertBlocked(Rule, text);
    }

    [Theory]
    [InlineData("Run lighter", "Run longer")]
    [InlineData("Run lighter", "Run lighter, run longer")]
    [InlineData("What your knees wish you knew", "What your feet wish you knew")]
    [InlineData("Courez plus léger", "Courez plus loin")]
    [InlineData("Rain? Let it.", "Snow? Let it.")]
    [InlineData("👟", "☕")]
    public void Check_WhatIsAnotherText_Passes(string known, string text)
    {
        CheckLive(known, text).AssertNotBlocked(Rule, text);
        CheckRejected(known, text).AssertNotBlocked(Rule, text);
    }

    [Fact]
    public void Check_ALiveModulesDouble_NamesTheModule() => Assert.Equal(
        ["content: the same as the live module h1 but for case, accents, marks or order; something new"],
        CheckLive("Run lighter", "run LIGHTER").Of(Rule).Select(finding => finding.Text));

    [Theory]
    [InlineData("https://example.com/a.jpg", "https://example.com/a.jpg#x", true)]
    [InlineData("https://example.com/a.jpg", "https://EXAMPLE.com/a.jpg", true)]
    [InlineData("https://example.com/a.jpg", "https://example.com/b.jpg", false)]
    public void Check_Images_AreComparedByAddress(string known, string url, bool same)
    {
        var live = Drafts.Module("i1", Drafts.Content($$"""{"url":"{{known}}","alt":"A shoe"}"""));
        var candidate = new Candidate { Slot = Drafts.Image, Content = Drafts.Content($$"""{"url":"{{url}}","alt":"{{(same ? "Another word" : "A shoe")}}"}""") };

        Assert.Equal(same ? FindingSeverity.Block : null, Guardrails.Check(candidate, null, [live], []).Gravest(Rule));
    }

    [Fact]
    public void Check_TheSameContentWithoutWords_IsBlocked() => CheckLive("👟", "👟").AssertBlocked(Rule, "👟");

    /// <summary>People wrote these to be tested against each other; three pairs differ in one or two words of more than ten.</summary>
    [Fact]
    public void Check_HeadlinesOfOneRealTest_AreDoublesInThreePairsOf170()
    {
        var pairs = RealHeadlines.All.SelectMany((headline, i) => RealHeadlines.All[..i].Where(other => other.Test == headline.Test).Select(other => (headline.Text, Other: other.Text))).ToArray();

        Assert.Equal(170, pairs.Length);
        Assert.Equal(3, pairs.Count(pair => CheckLive(pair.Other, pair.Text).Gravest(Rule) == FindingSeverity.Block));
    }

    private static System.Collections.Immutable.ImmutableArray<Finding> CheckLive(string known, string text) =>
        Guardrails.Check(new Candidate { Slot = Drafts.Headline, Content = Drafts.Saying(text) }, null, [Drafts.Module("h1", Drafts.Saying(known))], []);

    private static System.Collections.Immutable.ImmutableArray<Finding> CheckRejected(string known, string text) =>
        Guardrails.Check(new Candidate { Slot = Drafts.Headline, Content = Drafts.Saying(text) }, null, [], [Drafts.Saying(known)]);
}
