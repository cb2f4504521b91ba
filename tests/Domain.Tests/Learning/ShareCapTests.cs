using Flywheel.Decisions;
using Flywheel.Domain.Learning;

namespace Flywheel.Domain.Tests.Learning;

public sealed class ShareCapTests
{
    private static readonly ModuleEffectsLearner Learner = new();

    [Theory]
    [InlineData(0.1, 0.0)]
    [InlineData(0.1, 0.05)]
    [InlineData(0.3, 0.2)]
    [InlineData(0.0, 0.0)]
    public void Fit_ChallengerThatIsBest_TakesNoMoreThanItMay(double most, double control)
    {
        var input = Evidence.OneSlot((10_000, 200), (10_000, 400), (10_000, 210)) with { Control = control, MaxShares = [[1, most, 1]] };

        var fit = Learner.Fit(input);

        Assert.InRange(fit.Modules[0][1].Share, most - 2.0 / SegmentPolicy.Entries, most + 1e-9);
        Assert.Equal(1, fit.Policy.SharesOf(0).Sum(), 1e-9);
        Assert.True(fit.Modules[0][1].ProbabilityBest > 0.95, "what is believed of it is not bounded");
    }

    /// <summary>A third of the control group alone is more than a twentieth: the table then gives it nothing.</summary>
    [Fact]
    public void Fit_ChallengerBelowTheControlGroupsShare_IsServedByTheControlGroupAlone()
    {
        var fit = Learner.Fit(Evidence.OneSlot((10_000, 200), (10_000, 400), (10_000, 210)) with { Control = 0.3, MaxShares = [[1, 0.05, 1]] });

        Assert.Equal(0.1, fit.Modules[0][1].Share, 1e-9);
    }

    [Fact]
    public void Fit_ChallengerThatEarnsLess_KeepsWhatItEarns()
    {
        var evidence = Evidence.OneSlot((10_000, 400), (10_000, 100), (10_000, 100));

        Assert.Equal(Learner.Fit(evidence).Policy.Draws(), Learner.Fit(evidence with { MaxShares = [[1, 0.5, 1]] }).Policy.Draws());
    }

    [Fact]
    public void Fit_OneOfTwoSlotsOnTrial_BoundsItThereAndLeavesTheOtherSlotAlone()
    {
        var counts = Evidence.Counts(TallySource.Learned, (10_000, 100), (10_000, 400), (10_000, 150), (10_000, 300));
        var free = Learner.Fit(Evidence.Slots([2, 2], counts));
        var bound = Learner.Fit(Evidence.Slots([2, 2], counts) with { MaxShares = [[1, 0.1], [1, 1]] });

        Assert.InRange(bound.Modules[0][1].Share, 0, 0.1);
        Assert.Equal(free.Policy.SharesOf(1), bound.Policy.SharesOf(1));
    }

    /// <summary>With nobody else to serve there is nothing to bound it for.</summary>
    [Fact]
    public void Fit_AllModulesOnTrial_ServesThemAsTheyEarn()
    {
        var evidence = Evidence.OneSlot((10_000, 200), (10_000, 400));

        Assert.Equal(Learner.Fit(evidence).Policy.Draws(), Learner.Fit(evidence with { MaxShares = [[0.1, 0.1]] }).Policy.Draws());
    }
}
