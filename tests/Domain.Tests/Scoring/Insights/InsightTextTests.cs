using Flywheel.Domain.Scoring.Insights;
using Flywheel.Domain.Tests.Scoring.Readings;

namespace Flywheel.Domain.Tests.Scoring.Insights;

public sealed class InsightTextTests
{
    private const string English = "In young-urban, h1 is fading: it keeps 52.5% of its rate against the rest of headline (44% to 61%; 8,123 impressions since, 20 before).";
    private const string French = "Dans young-urban, h1 s’essouffle\u00a0: il garde 52,5\u202f% de son taux (de 44\u202f% à 61\u202f%\u00a0; 8\u202f123 affichages depuis, 20 avant).";

    [Theory]
    [InlineData(English, "h1 is losing young-urban: only 52.5 % of its rate is left (between 44 % and 61 %), over 8,123 impressions; before, there were twenty.")]
    [InlineData(English, "Of its rate h1 keeps 52.50 percent in young-urban, 44 per cent at least and 61% at most, after 20 and then 8,123 impressions.")]
    [InlineData(French, "h1 fatigue dans young-urban : il lui reste 52,5 pour cent de son taux, entre 44 % et 61 %, sur 8 123 affichages contre vingt avant.")]
    [InlineData(French, "h1 fatigue : 52.5 % de son taux, 44–61 % n’y change rien, 8 123 affichages, 20 avant.", false)]
    [InlineData("It fell by −5% to 10%.", "Down: -5% to 10 %.")]
    [InlineData("3 modules, 17 affichages.", "Trois modules et dix-sept affichages.")]
    public void KeepsFigures_EveryNumberAsItWas_IsAccepted(string original, string rephrased, bool keeps = true) => Assert.Equal(keeps, InsightText.KeepsFigures(original, rephrased));

    [Theory]
    [InlineData("a figure is changed", "h1 keeps 52.6% (44% to 61%; 8,123 since, 20 before).")]
    [InlineData("a figure is rounded", "h1 keeps 53% (44% to 61%; 8,123 since, 20 before).")]
    [InlineData("a figure is left out", "h1 keeps 52.5% (44% to 61%), 20 before.")]
    [InlineData("a figure is added", "h1 keeps 52.5% (44% to 61%; 8,123 since, 20 before), in 3 weeks.")]
    [InlineData("a figure comes twice", "h1 keeps 52.5%, yes 52.5% (44% to 61%; 8,123 since, 20 before).")]
    [InlineData("a word adds one", "h1 keeps 52.5% (44% to 61%; 8,123 since, 20 before), over seven days.")]
    [InlineData("a word adds a share", "h1 keeps about half, 52.5% (44% to 61%; 8,123 since, 20 before).")]
    [InlineData("a percent sign is lost", "h1 keeps 52.5 (44% to 61%; 8,123 since, 20 before).")]
    [InlineData("a sign comes in", "h1 keeps -52.5% (44% to 61%; 8,123 since, 20 before).")]
    [InlineData("another module is named", "h2 keeps 52.5% (44% to 61%; 8,123 since, 20 before).")]
    [InlineData("thousands become decimals", "h1 keeps 52.5% (44% to 61%; 8.123 since, 20 before).")]
    [InlineData("an exponent comes in", "h1 keeps 52.5% (44% to 61%; 8,123 since, 20 before), ×2².")]
    [InlineData("a digit of another script comes in", "h1 keeps 52.5% (44% to 61%; 8,123 since, 20 before) ٣.")]
    [InlineData("a fraction comes in", "h1 keeps 52.5% (44% to 61%; 8,123 since, 20 before), ½.")]
    [InlineData("a unit sticks to a number", "h1 keeps 52.5% (44% to 61%; 8,123 since, 20k before).")]
    [InlineData("a number is cut in two", "h1 keeps 52.5% (44% to 61%; 8,1\u200b23 since, 20 before).")]
    [InlineData("nothing is left", " ")]
    public void KeepsFigures_AnythingElse_IsRefused(string what, string rephrased) => Assert.False(InsightText.KeepsFigures(English, rephrased), what);

    [Fact]
    public void KeepsFigures_TextWithoutEnd_IsRefused() => Assert.False(InsightText.KeepsFigures("No number.", new string('a', InsightText.MaxLength + 1)));

    [Fact]
    public void KeepsFigures_OurOwnSentences_KeepThemselvesAndNoOtherLosesANumber()
    {
        var insights = InsightWriter.Write([ReadingCase.Segment("young-urban", ["h1"], ["h4"], [(5_123, 150), (5_456, 330), (5_789, 60), (4_321, 150)])], "fr");

        Assert.True(insights.Length > 4);
        Assert.All(insights, insight =>
        {
            Assert.True(InsightText.KeepsFigures(insight.Sentence, insight.Sentence));
            Assert.True(InsightText.KeepsFigures(insight.Sentence, insight.Sentence.Replace('\u202f', ' ').Replace("\u00a0", "", StringComparison.Ordinal)));
            for (var digit = '0'; digit <= '9'; digit++)
                if (insight.Sentence.Contains(digit, StringComparison.Ordinal))
                    Assert.False(InsightText.KeepsFigures(insight.Sentence, insight.Sentence.Replace(digit, (char)('0' + (digit - '0' + 1) % 10))));
        });
    }
}
