using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Governance;

namespace Flywheel.Domain.Tests.Governance;

/// <summary>What the rules cost: copy that people would let pass and the rules wouldn't.</summary>
public sealed class NaturalHeadlinesTests
{
    public static TheoryData<string, string> Natural => [.. NaturalHeadlines.All];

    [Theory]
    [MemberData(nameof(Natural))]
    public void Check_NaturalCopy_IsNotBlocked(string language, string text)
    {
        var brief = new Brief { Brand = "Aster", Language = language, NeverSay = ["guaranteed", "garanti", "cure", "miracle", "rapist", "gratuit", "secret", "cheap", "promo"] };
        var findings = Drafts.Check(text, brief);

        Assert.False(Guardrails.Blocks(findings), string.Join(" | ", findings));
    }

    /// <summary>Nobody wrote these for the rules. What is blocked in them says a figure or a superlative, or is in Markdown.</summary>
    [Fact]
    public void Check_RealHeadlines_AreBlockedForFiguresAndSuperlativesAlone()
    {
        var blocked = RealHeadlines.All
            .SelectMany(headline => Drafts.Check(headline.Text, Drafts.English).Where(finding => finding.Severity == FindingSeverity.Block).Select(finding => finding.Rule).Distinct())
            .CountBy(rule => rule)
            .OrderBy(rule => rule.Key, StringComparer.Ordinal);

        Assert.Equal(70, RealHeadlines.All.Length);
        Assert.Equal([KeyValuePair.Create("claims", 20), KeyValuePair.Create("markup", 1)], blocked);
    }

    /// <summary>The shares that docs/guardrails.md states, of 48, 48, 40, 40 and 70.</summary>
    [Fact]
    public void Check_NaturalCopyInTheOtherLanguage_IsMostlyTold()
    {
        Assert.Equal((39, 44), (NaturalHeadlines.English.Count(text => IsInAnotherLanguage(text, "fr")), NaturalHeadlines.French.Count(text => IsInAnotherLanguage(text, "en"))));
        Assert.Equal((28, 29), (NaturalHeadlines.LaterEnglish.Count(text => IsInAnotherLanguage(text, "fr")), NaturalHeadlines.LaterFrench.Count(text => IsInAnotherLanguage(text, "en"))));
        Assert.Equal(69, RealHeadlines.All.Count(headline => IsInAnotherLanguage(headline.Text, "fr")));
    }

    private static bool IsInAnotherLanguage(string text, string language) => Drafts.Check(text, new() { Language = language }).Gravest("language") == FindingSeverity.Block;
}
