using Flywheel.Domain.Experiments;
using Flywheel.Domain.Learning;
using Flywheel.Domain.Scoring;

namespace Flywheel.Domain.Tests.Experiments;

public sealed class ExperimentReadingTests
{
    private static readonly GroupTally Learned = new(9_500, 9_000, 310_000_000);
    private static readonly GroupTally Control = new(500, 480, 13_000_000);
    private static readonly SampleRatio Healthy = SampleRatio.Of(500, 10_000, 500);
    private static readonly SampleRatio Unhealthy = SampleRatio.Of(900, 10_000, 500);

    [Theory]
    [InlineData(0.05, 0.54, Verdict.Winning)]
    [InlineData(0.0, 0.54, Verdict.Learning)]
    [InlineData(-0.1, 0.54, Verdict.Learning)]
    [InlineData(-0.5, 0.0, Verdict.Learning)]
    [InlineData(-0.5, -0.01, Verdict.Losing)]
    public void Verdict_Healthy_IsWhatTheIntervalLeavesOut(double low, double high, Verdict verdict)
    {
        var lift = new Interval((low + high) / 2, low, high);

        Assert.Equal(verdict, new ExperimentReading(Learned, Control, lift, Healthy).Verdict);
        Assert.Equal(Verdict.Unhealthy, new ExperimentReading(Learned, Control, lift, Unhealthy).Verdict);
    }

    [Fact]
    public void Verdict_NoLift_IsLearning() => Assert.Equal(Verdict.Learning, new ExperimentReading(Learned, Control, null, Healthy).Verdict);

    [Theory]
    [InlineData("en", "Learning earns more than the control group: +27.0% (+5.0% to +54.0%, 95% sure at every look), based on 10,000 decisions (500 of them control) and 9,480 impressions.")]
    [InlineData("fr-CA", "L’apprentissage rapporte plus que le groupe témoin : +27,0 % (de +5,0 % à +54,0 %, sûr à 95 % à chaque lecture), d’après 10 000 décisions (dont 500 témoins) et 9 480 affichages.")]
    public void Sentence_Winning_SaysHowMuchHowSureAndOnWhat(string language, string sentence) =>
        Assert.Equal(sentence, Plain(new ExperimentReading(Learned, Control, new Interval(0.27, 0.05, 0.54), Healthy).Sentence(language)));

    [Theory]
    [InlineData("en", "Learning earns less than the control group: −30.0% (−50.0% to −0.001%, ")]
    [InlineData("fr", "L’apprentissage rapporte moins que le groupe témoin : −30,0 % (de −50,0 % à −0,001 %, ")]
    public void Sentence_Losing_SaysSo(string language, string start) =>
        Assert.StartsWith(start, Plain(new ExperimentReading(Learned, Control, new Interval(-0.3, -0.5, -0.00001), Healthy).Sentence(language)), StringComparison.Ordinal);

    [Theory]
    [InlineData("en", "It is too early to say whether learning earns more than the control group: +12.0% (−5.0% or more, ")]
    [InlineData("fr", "Il est trop tôt pour dire si l’apprentissage rapporte plus que le groupe témoin : +12,0 % (−5,0 % ou plus, ")]
    public void Sentence_IntervalHoldsZero_ClaimsNoWinner(string language, string start) =>
        Assert.StartsWith(start, Plain(new ExperimentReading(Learned, Control, new Interval(0.12, -0.05, LiftSequence.MaxLift), Healthy).Sentence(language)), StringComparison.Ordinal);

    [Theory]
    [InlineData("en", "These figures should not be trusted: 9.0% of decisions went to the control group where 5.0% should have, which is not chance (p < 0.0001), ")]
    [InlineData("fr", "Ces chiffres ne sont pas fiables : 9,0 % des décisions sont allées au groupe témoin au lieu de 5,0 %, ce que le hasard n’explique pas (p < 0,0001) ; ")]
    public void Sentence_Unhealthy_SaysWhyNotToTrustIt(string language, string start) =>
        Assert.StartsWith(start, Plain(new ExperimentReading(Learned, Control, new Interval(0.27, 0.05, 0.54), Unhealthy).Sentence(language)), StringComparison.Ordinal);

    [Theory]
    [InlineData("en", "There is nothing to compare yet, with 0 decisions (0 of them control) and 0 impressions.")]
    [InlineData("fr", "Il n’y a encore rien à comparer, avec 0 décisions (dont 0 témoins) et 0 affichages.")]
    public void Sentence_NothingYet_SaysSo(string language, string sentence) =>
        Assert.Equal(sentence, Plain(new ExperimentReading(default, default, null, SampleRatio.Of(0, 0, 0)).Sentence(language)));

    private static string Plain(string sentence) => sentence.Replace('\u202f', ' ').Replace('\u00a0', ' ');
}
