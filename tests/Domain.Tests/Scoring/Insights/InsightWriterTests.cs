using System.Text.RegularExpressions;
using Flywheel.Domain.Scoring;
using Flywheel.Domain.Scoring.Insights;
using Flywheel.Domain.Scoring.Readings;
using Flywheel.Domain.Tests.Scoring.Readings;

namespace Flywheel.Domain.Tests.Scoring.Insights;

public sealed partial class InsightWriterTests
{
    private static readonly (long, double)[] Alike = [(5_000, 150), (5_000, 150), (5_000, 150), (5_000, 150)];

    [Fact]
    public void Write_ModuleResonates_SaysWhatWithWhomAndHowSure()
    {
        var segment = ReadingCase.Segment("young-urban", (5_000, 150), (5_000, 300), (5_000, 150), (5_000, 150));
        var resonance = segment.Slots[0].Modules[1].Resonance;
        var insight = InsightWriter.Write([segment], "en")[0];

        Assert.Equal(InsightKind.Resonates, insight.Kind);
        Assert.Equal($"In young-urban, h2 resonates in headline: {resonance.Mean:0} against an average of 100 ({resonance.Low:0} to {resonance.High:0}; 5,000 impressions).", insight.Sentence);
        Assert.Equal([Figure.Of("resonance", resonance, 5_000)], insight.Figures);
        Assert.Equal(
            $"Dans young-urban, h2 résonne dans headline\u00a0: {resonance.Mean:0} pour une moyenne de 100 (de {resonance.Low:0} à {resonance.High:0}\u00a0; 5\u202f000 affichages).",
            InsightWriter.Write([segment], "fr")[0].Sentence);
    }

    [Theory]
    [InlineData("en", "In young-urban, h1 is fading: it keeps 52% of its rate against the rest of headline (44% to 61%; 8,123 impressions since, 20,000 before).")]
    [InlineData("fr-CA", "Dans young-urban, h1 s’essouffle : il garde 52 % de son taux face au reste de headline (de 44 % à 61 % ; 8 123 affichages depuis, 20 000 avant).")]
    [InlineData("en", "Replace h1 in headline for young-urban: it keeps only 52% of its rate (44% to 61%; 8,123 impressions).")]
    [InlineData("fr", "Remplacez h1 dans headline pour young-urban : il ne garde que 52 % de son taux (de 44 % à 61 % ; 8 123 affichages).")]
    [InlineData("en", "h4 is new in headline: 40 impressions so far, too few to judge.")]
    [InlineData("fr", "h4 est nouveau dans headline : 40 affichages pour l’instant, trop peu pour juger.")]
    public void Write_FadedAndNew_SaysSo(string language, string sentence) =>
        Assert.Contains(sentence, Sentences(language, ReadingCase.Segment("young-urban", ["h1"], ["h4"], [(28_123, 900), (20_000, 900), (20_000, 900), (40, 1)])));

    [Theory]
    [InlineData("en", "Try something else in headline for young-urban: after 20,000 impressions, none of its 4 modules stands out.")]
    [InlineData("fr", "Essayez autre chose dans headline pour young-urban : après 20 000 affichages, aucun de ses 4 modules ne se détache.")]
    public void Write_NothingStandsOut_SaysToTrySomethingElse(string language, string sentence) =>
        Assert.Contains(sentence, Sentences(language, ReadingCase.Segment("young-urban", Alike)));

    [Theory]
    [InlineData("en", "Write more with angle “curiosity” in headline for young-urban: ")]
    [InlineData("fr", "Écrivez davantage avec angle « curiosity » dans headline pour young-urban : ")]
    [InlineData("en", "Retire h3 from headline: in young-urban it stands at ")]
    [InlineData("fr", "Retirez h3 de headline : dans young-urban il est à ")]
    public void Write_OneAngleWinsAndOneModuleLoses_SaysWhatToDo(string language, string start) =>
        Assert.Contains(Sentences(language, ReadingCase.Segment("young-urban", (5_000, 150), (5_000, 330), (5_000, 60), (5_000, 150))), sentence => sentence.StartsWith(start, StringComparison.Ordinal));

    [Fact]
    public void Write_ModuleIsAboveSomewhere_IsNotToBeRetired() =>
        Assert.DoesNotContain(
            Sentences("en", ReadingCase.Segment("young-urban", (5_000, 150), (5_000, 330), (5_000, 60), (5_000, 150)), ReadingCase.Segment("default", (5_000, 150), (5_000, 150), (5_000, 300), (5_000, 150))),
            sentence => sentence.StartsWith("Retire h3", StringComparison.Ordinal));

    /// <summary>The whole interval has to carry a claim: the same lead seen a tenth as often says nothing.</summary>
    [Fact]
    public void Write_TooLittleEvidence_ClaimsNothing() =>
        Assert.Empty(InsightWriter.Write([ReadingCase.Segment("young-urban", (100, 3), (100, 6), (100, 3), (100, 3))], "en"));

    [Fact]
    public void Write_EvidenceTurns_WithdrawsWhatItSaid()
    {
        var before = Sentences("en", ReadingCase.Segment("young-urban", (5_000, 150), (5_000, 300), (5_000, 150), (5_000, 150)));
        var after = Sentences("en", ReadingCase.Segment("young-urban", (20_000, 600), (20_000, 610), (20_000, 600), (20_000, 600)));

        Assert.Contains(before, sentence => sentence.Contains("h2 resonates", StringComparison.Ordinal));
        Assert.DoesNotContain(after, sentence => sentence.Contains("resonates", StringComparison.Ordinal));
    }

    [Fact]
    public void Write_FadedModuleRecovers_WithdrawsWhatItSaid()
    {
        Assert.Contains(Sentences("en", ReadingCase.Segment("young-urban", ["h1"], [], Alike)), sentence => sentence.Contains("fading", StringComparison.Ordinal));
        Assert.DoesNotContain(Sentences("en", ReadingCase.Segment("young-urban", Alike)), sentence => sentence.Contains("fading", StringComparison.Ordinal));
    }

    [Fact]
    public void Write_ManySegments_IsBoundedByKindAndBeginsWithTheStrongest()
    {
        SegmentReading[] segments =
        [
            .. Enumerable.Range(0, 30).Select(i => ReadingCase.Segment($"s{i}", ["h1"], ["h4"], [(5_000, 150), (5_000, 300 + 5 * i), (5_000, 60), (5_000, 150)])),
        ];
        var insights = InsightWriter.Write(segments, "en");

        Assert.All(insights.GroupBy(insight => insight.Kind), kind => Assert.InRange(kind.Count(), 1, InsightWriter.MaxPerKind));
        Assert.Equal(insights.OrderBy(insight => insight.Kind), insights);
        Assert.StartsWith("In s29,", insights[0].Sentence, StringComparison.Ordinal);
    }

    /// <summary>Every number of a sentence is one of its figures as it is written, or the average, 100.</summary>
    [Theory]
    [InlineData("en")]
    [InlineData("fr")]
    public void Write_AnySentence_HasNoNumberWithoutAFigure(string language)
    {
        var insights = InsightWriter.Write(
            [
                ReadingCase.Segment("young-urban", ["h1"], ["h4"], [(5_123, 150), (5_456, 330), (5_789, 60), (4_321, 150)]),
                ReadingCase.Segment("default", Alike),
                ReadingCase.Segment("other", (5_000, 170), (5_000, 180), (5_000, 110), (5_000, 80)),
            ],
            language);

        Assert.Equal(4, insights.Select(insight => insight.Kind).Distinct().Count());
        Assert.All(insights, insight =>
        {
            var figures = insight.Figures.SelectMany(figure => (double[])[figure.Value, figure.Low, figure.High, figure.N, 100 * figure.Value, 100 * figure.Low, 100 * figure.High]).Append(100).ToList();
            foreach (Match number in NumberPattern().Matches(insight.Sentence.Replace("\u202f", "", StringComparison.Ordinal).Replace(language == "en" ? "," : " ", "", StringComparison.Ordinal).Replace(',', '.')))
                Assert.Contains(figures, figure => Math.Abs(figure - double.Parse(number.Value, System.Globalization.CultureInfo.InvariantCulture)) <= 0.5);
        });
    }

    /// <summary>An interval just over 100 is not written as if it began there.</summary>
    [Fact]
    public void Write_IntervalBeginsJustOverTheAverage_ShowsThatItDoes()
    {
        var slot = ReadingCase.Segment("young-urban", Alike).Slots[0];
        var segment = new SegmentReading("young-urban", [slot with { Modules = slot.Modules.SetItem(0, slot.Modules[0] with { Resonance = new Interval(120, 100.04, 140) }) }]);

        Assert.Contains("(100.04 to 140; ", InsightWriter.Write([segment], "en")[0].Sentence, StringComparison.Ordinal);
        Assert.Contains("(de 100,04 à 140\u00a0; ", InsightWriter.Write([segment], "fr")[0].Sentence, StringComparison.Ordinal);
    }

    private static List<string> Sentences(string language, params SegmentReading[] segments) =>
        [.. InsightWriter.Write(segments, language).Select(insight => insight.Sentence.Replace('\u202f', ' ').Replace('\u00a0', ' '))];

    [GeneratedRegex(@"(?<![\w-])\d+(?:\.\d+)?(?![\w-])")]
    private static partial Regex NumberPattern();
}
