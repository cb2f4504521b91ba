using System.Collections.Immutable;
using Flywheel.Decisions;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Learning;
using Flywheel.Domain.Learning.Effects;

namespace Flywheel.Domain.Tests.Learning;

/// <summary>What the learner promises of whole histories; each of many seeds, with the tolerance stated.</summary>
public sealed class LearnerBehaviourTests
{
    private static readonly ModuleEffectsLearner Learner = new();
    private static readonly double[] Even = [0.5, 0.5];

    /// <summary>
    /// Ten seconds without a click while the better module was served nine times as often as the other: taken at face value it would
    /// look a quarter worse than it is, and lose all its traffic. Most of it stays; docs/learning.md says how much goes.
    /// </summary>
    [Fact]
    public void Fit_TrackingOutage_LeavesTheBetterModuleAhead()
    {
        var share = Enumerable.Range(0, 20).Average(seed => ShareOf(
            new Timeline(seed, 2).Serve(10_000, Even, served => served[0] == 0 ? 0.06 : 0.05).Serve(2_000, [0.9, 0.1], _ => 0).Input(), 0));

        Assert.InRange(share, 0.8, 1);
    }

    [Fact]
    public void Fit_WinnerSwapped_FindsTheNewOne()
    {
        var share = Enumerable.Range(0, 10).Average(seed => ShareOf(
            new Timeline(seed, 2).Serve(30_000, Even, served => served[0] == 0 ? 0.03 : 0.02).Serve(15_000, Even, served => served[0] == 0 ? 0.02 : 0.03).Input(), 1));

        Assert.InRange(share, 0.6, 1);
    }

    /// <summary>
    /// The level of all modules falls by half and rises again four times, while the better module (3.6 against 3 %) has most of the traffic:
    /// a tide, not a change of winner.
    /// </summary>
    [Fact]
    public void Fit_TideOfTheLevel_MovesNoTraffic()
    {
        var share = Enumerable.Range(0, 10).Average(seed =>
        {
            var timeline = new Timeline(seed, 2).Serve(8_000, Even, served => served[0] == 0 ? 0.036 : 0.03);
            for (var half = 0; half < 8; half++)
            {
                var tide = half % 2 == 0 ? 0.5 : 1.5;
                timeline.Serve(3_000, [0.8, 0.2], served => tide * (served[0] == 0 ? 0.036 : 0.03));
            }
            return ShareOf(timeline.Input(), 0);
        });

        Assert.InRange(share, 0.75, 1);
    }

    /// <summary>
    /// The better of four modules, with nine tenths of the traffic, falls to what the others earn: within 6,000 impressions (60 rewards) they
    /// are tried again.
    /// </summary>
    [Fact]
    public void Fit_LeaderFades_TriesTheOthersAgain()
    {
        var share = Enumerable.Range(0, 20).Average(seed => ShareOf(
            new Timeline(seed, 4)
                .Serve(4_000, [0.25, 0.25, 0.25, 0.25], served => served[0] == 0 ? 0.018 : 0.011)
                .Serve(26_000, [0.91, 0.03, 0.03, 0.03], served => served[0] == 0 ? 0.018 : 0.011)
                .Serve(6_000, [0.91, 0.03, 0.03, 0.03], _ => 0.0105).Input(), 0));

        Assert.InRange(share, 0, 0.7);
    }

    /// <summary>
    /// Rewards come after 200 s on average, and the better module was served only in the last 100: counted as if they were all there, its
    /// impressions would make it look far worse than it is.
    /// </summary>
    [Fact]
    public void Fit_RewardsThatAreStillToCome_DoNotCountAsMissing()
    {
        var shares = Enumerable.Range(0, 10).Average(seed => ShareOf(
            new Timeline(seed, 2)
                .Serve(120_000, [0.9, 0.1], served => served[0] == 0 ? 0.02 : 0.03, delayMs: 200_000)
                .Serve(20_000, [0.1, 0.9], served => served[0] == 0 ? 0.02 : 0.03, delayMs: 200_000).Input(), 1));

        Assert.InRange(shares, 0.8, 1);
    }

    [Fact]
    public void Fit_ModulesThatOnlyWorkTogether_AreServedTogether()
    {
        var timeline = new Timeline(3, 2, 2).Serve(60_000, Even, served => served[0] == served[1] && served[0] == 1 ? 0.06 : 0.03);

        Assert.True(Learner.Fit(timeline.Input()).Policy.PropensityOf(Pack(1, 1)) > 0.9);
    }

    /// <summary>Few enough combinations for the joint posterior, with and without a third slot that does nothing.</summary>
    [Theory]
    [InlineData(3, 3)]
    [InlineData(3, 3, 2)]
    public void Fit_WinnerOfOneOfSeveralSlotsSwapped_FindsTheNewOne(params int[] shape)
    {
        double[] even = [0.34, 0.33, 0.33];
        var share = Enumerable.Range(0, 10).Average(seed => ShareOf(
            new Timeline(seed, shape).Serve(40_000, even, served => served[0] == 0 ? 0.03 : 0.02).Serve(20_000, even, served => served[0] == 2 ? 0.03 : 0.02).Input(), 2));

        Assert.InRange(share, 0.6, 1);
    }

    /// <summary>
    /// One module does well only beside one of another slot, which had most of the traffic: on average it looks better than it is, and the
    /// combination that is truly best has hardly been served.
    /// </summary>
    [Fact]
    public void Fit_ModuleThatOwesItsRewardsToItsCompany_IsNotPreferredWithoutIt()
    {
        var timeline = new Timeline(4, 2, 2)
            .Serve(40_000, [0.9, 0.1], served => (served[0], served[1]) switch { (0, 0) => 0.045, (0, 1) => 0.02, (1, 0) => 0.03, _ => 0.08 });

        Assert.True(Learner.Fit(timeline.Input()).Policy.PropensityOf(Pack(1, 1)) > 0.8);
    }

    /// <summary>
    /// The only module of a slot, or one of two, is replaced: what is known of the other slots stays, and nothing wild is expected of the newcomer.
    /// </summary>
    [Theory]
    [InlineData(1, 3)]
    [InlineData(1, 3, 2)]
    [InlineData(2, 3, 2)]
    public void Fit_ModuleReplaced_KeepsWhatTheOtherSlotsLearnt(params int[] shape)
    {
        var timeline = new Timeline(6, shape).Serve(40_000, shape[0] == 1 ? [1] : [0.9, 0.1], served => served[1] == 2 ? 0.05 : 0.03);
        var input = timeline.Input();
        var replaced = input with { Slots = input.Slots.SetItem(0, input.Slots[0].SetItem(0, 99)) };

        var fit = Learner.Fit(replaced);

        Assert.True(fit.Policy.SharesOf(1)[2] > 0.9);
        Assert.InRange(fit.Modules[0][0].Rate, 0.015, 0.06);
    }

    /// <summary>As with one slot, impressions whose rewards are still to come do not make a module look worse; here with a second slot.</summary>
    [Fact]
    public void Fit_RewardsThatAreStillToComeInTwoSlots_DoNotCountAsMissing()
    {
        var share = Enumerable.Range(0, 5).Average(seed => ShareOf(
            new Timeline(seed, 2, 2)
                .Serve(120_000, [0.9, 0.1], served => served[0] == 0 ? 0.02 : 0.03, delayMs: 200_000)
                .Serve(20_000, [0.1, 0.9], served => served[0] == 0 ? 0.02 : 0.03, delayMs: 200_000).Input(), 1));

        Assert.InRange(share, 0.8, 1);
    }

    /// <summary>Ten orders of 500 in one module against many small ones in the other: the cap is 10, and the few prove little.</summary>
    [Fact]
    public void Fit_AFewLargeOrders_DoNotDecide()
    {
        var timeline = new Timeline(5, 2)
            .Serve(4_000, Even, served => served[0] == 1 ? 0.05 : 0.04, reward: 1)
            .Serve(8, [1, 0], _ => 1, reward: 10);

        var fit = Learner.Fit(timeline.Input(capMicros: 10 * Rewards.Micro));

        Assert.InRange(fit.Modules[0][0].ProbabilityBest, 0.05, 0.9);
    }

    /// <summary>
    /// Orders of about 5, and one of the worse module's that is cut at the cap, at ten times the usual order: the better module leads on.
    /// </summary>
    [Fact]
    public void Fit_OneHugeOrderAmongManySmallOnes_DoesNotMakeItsModuleTheLeader()
    {
        const long CapMicros = 50 * Rewards.Micro;
        for (var seed = 0; seed < 10; seed++)
        {
            var timeline = new Timeline(seed, 2).Serve(10_000, Even, served => served[0] == 0 ? 0.04 : 0.025, reward: 5);
            Assert.InRange(ShareOf(timeline.Input(CapMicros), 0), 0.9, 1);

            Assert.InRange(ShareOf(timeline.Earn(1, 50).Input(CapMicros), 0), 0.85, 1);
        }
    }

    [Fact]
    public void Fit_SuccessorOfAGoodModule_IsExpectedToDoWell()
    {
        var timeline = new Timeline(7, 3).Serve(30_000, [0.4, 0.3, 0.3], served => served[0] == 0 ? 0.05 : 0.03);
        var slots = ImmutableArray.Create(ImmutableArray.Create(99UL, Timeline.Key(0, 1), Timeline.Key(0, 2)));
        var input = timeline.Input() with { Slots = slots };
        var inherited = input with { Priors = [[new ModulePrior(0, Timeline.Key(0, 0), []), ModulePrior.Unknown, ModulePrior.Unknown]] };

        Assert.True(Learner.Fit(inherited).Modules[0][0].Rate > 1.1 * Learner.Fit(input).Modules[0][0].Rate);
    }

    [Fact]
    public void Fit_ModuleWithAnAttributeThatResonates_IsExpectedToDoWell()
    {
        var timeline = new Timeline(8, 4).Serve(40_000, [0.33, 0.33, 0.33, 0.01], served => served[0] < 2 ? 0.05 : 0.03);
        ModulePrior benefit = new(0, 0, [1]), curiosity = new(0, 0, [2]);
        LearnerInput As(ModulePrior last) => timeline.Input() with { Priors = [[benefit, benefit, curiosity, last]] };

        Assert.True(Learner.Fit(As(benefit)).Modules[0][3].Rate > 1.05 * Learner.Fit(As(curiosity)).Modules[0][3].Rate);
    }

    [Fact]
    public void Fit_PriorMeanOfAModule_IsWhatIsExpectedOfItWithoutEvidence()
    {
        var input = Evidence.OneSlot((1_000, 30), (0, 0));

        var told = Learner.Fit(input with { Priors = [[ModulePrior.Unknown, new ModulePrior(0.5, 0, [])]] });

        Assert.Equal(Math.Exp(0.5), told.Modules[0][1].Rate / Learner.Fit(input).Modules[0][1].Rate, 0.1);
    }

    [Fact]
    public void Fit_MaxSlotsOfModulesWithoutEvidence_IsFinite()
    {
        var fit = Learner.Fit(new Timeline(9, 8, 8, 8, 8, 8, 8, 8, 8).Serve(500, [.. Enumerable.Repeat(0.125, 8)], _ => 0.02).Input());

        Assert.All(fit.Modules.SelectMany(slot => slot), module => Assert.True(double.IsFinite(module.Rate) && double.IsFinite(module.RateSd)));
        Assert.Equal(1, fit.Modules[0].Sum(module => module.Share), 1e-9);
    }

    /// <summary>
    /// Served frequency against stated propensity of fitted tables, χ² over 100 seeds of 20,000 requests: the p-values are uniform, so that
    /// no more than a handful fall below 1 %.
    /// </summary>
    [Fact]
    public void Choose_FromFittedTables_ServesAsOftenAsItStates()
    {
        var low = Enumerable.Range(0, 100).Count(seed =>
        {
            var input = new Timeline(seed, 2, 3).Serve(2_000, Even, served => 0.02 + 0.01 * served[0]).Input() with { Control = 0.1, MinPropensity = 0.01, Seed = (ulong)seed };
            var policy = Learner.Fit(input).Policy;
            var served = Randoms.Bits(seed + 1_000, 20_000).Select(bits => policy.Choose(bits).Combination).CountBy(combination => combination).ToDictionary();
            var statistic = Combinations().Sum(combination =>
            {
                var expected = 20_000 * policy.PropensityOf(combination);
                var off = served.GetValueOrDefault(combination) - expected;
                return off * off / expected;
            });
            Assert.Equal(1, Combinations().Sum(policy.PropensityOf), 1e-9);
            return 1 - MathNet.Numerics.Distributions.ChiSquared.CDF(5, statistic) < 0.01;
        });

        Assert.InRange(low, 0, 5);
    }

    private static IEnumerable<ulong> Combinations() => from first in Enumerable.Range(0, 2) from second in Enumerable.Range(0, 3) select Pack(first, second);

    private static ulong Pack(int first, int second) => Combination.With(Combination.With(0, 0, first), 1, second);

    private static double ShareOf(LearnerInput input, int module) => Learner.Fit(input).Policy.SharesOf(0)[module];
}
