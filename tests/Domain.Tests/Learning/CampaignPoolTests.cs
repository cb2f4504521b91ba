using Flywheel.Domain.Learning;
using Flywheel.Domain.Learning.Effects;

namespace Flywheel.Domain.Tests.Learning;

public sealed class CampaignPoolTests
{
    private static readonly ModuleEffectsLearner Learner = new();
    private static readonly double[] Even = [0.34, 0.33, 0.33];

    [Fact]
    public void ExpectedShare_SegmentsThatAreAlike_IsHigherThanOfOnesThatAreNot()
    {
        var alike = Pool(segment => served => 0.03 * (1 + 0.4 * served));
        var apart = Pool(segment => served => 0.01 * segment * (served == segment % 3 ? 1.8 : 1));

        Assert.True(alike.ExpectedShare > 0.75, $"{alike.ExpectedShare}");
        Assert.True(apart.ExpectedShare < 0.35, $"{apart.ExpectedShare}");
    }

    [Fact]
    public void PriorsFor_ASegmentWithoutEvidence_ExpectsWhatTheOthersFound()
    {
        var pool = Pool(segment => served => 0.03 * (1 + 0.4 * served));

        var priors = pool.PriorsFor("new", new Timeline(0, 3).Slots)[0];

        Assert.True(priors[2].Mean > priors[1].Mean && priors[1].Mean > priors[0].Mean);
        Assert.All(priors, prior => Assert.InRange(prior.Variance, 1e-4, EffectWidths.Archive.Module * EffectWidths.Archive.Module));
    }

    [Fact]
    public void PriorsFor_ASegmentOfThePool_LeavesItsOwnEvidenceOut()
    {
        var summaries = Summaries(segment => served => segment == 1 && served == 0 ? 0.09 : 0.03);
        var pool = new CampaignPool(summaries);

        Assert.InRange(pool.PriorsFor("1", new Timeline(0, 3).Slots)[0][0].Mean, -0.1, 0.1);
        Assert.True(pool.PriorsFor("2", new Timeline(0, 3).Slots)[0][0].Mean > 0.02);
    }

    private static CampaignPool Pool(Func<int, Func<int, double>> rates) => new(Summaries(rates));

    private static List<(string Id, SegmentSummary Summary)> Summaries(Func<int, Func<int, double>> rates) =>
        [.. Enumerable.Range(1, 4).Select(segment => ($"{segment}", Learner.Fit(new Timeline(segment, 3).Serve(15_000, Even, served => rates(segment)(served[0])).Input()).Summary!))];
}
