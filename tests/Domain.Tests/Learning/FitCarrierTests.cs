using System.Collections.Immutable;
using System.Text;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Decisions;
using Flywheel.Domain.Learning;

namespace Flywheel.Domain.Tests.Learning;

public sealed class FitCarrierTests
{
    private static readonly ModuleEffectsLearner Learner = new();

    [Fact]
    public void Carry_ModuleGone_ServesItNeverAgainAndTheOthersAsBefore()
    {
        var (before, fit) = Fitted("a b c", "x y");
        var (after, prior) = Prior("a c", "x y");

        var carried = new FitCarrier(before, after, prior).Carry(fit, 7)!;

        Assert.Equal([2, 2], carried.Policy.ModulesPerSlot);
        Assert.Equal(7, carried.Policy.Version);
        Assert.Equal(fit.Policy.SharesOf(1), carried.Policy.SharesOf(1));
        var (was, now) = (fit.Policy.SharesOf(0), carried.Policy.SharesOf(0));
        Assert.Equal(1, now.Sum(), 1e-9);
        Assert.True(now[0] >= was[0] - 0.05 && now[1] >= was[2] - 0.05, "nobody loses to the one that left");
        Assert.Equal(fit.Modules[0][2] with { Share = now[1] }, carried.Modules[0][1]);
    }

    [Fact]
    public void Carry_ModuleNew_IsServedByTheUniformShareAlone()
    {
        var (before, fit) = Fitted("a b", "x y");
        var (after, prior) = Prior("n a b", "x y");

        var carried = new FitCarrier(before, after, prior).Carry(fit, 7)!;

        Assert.Equal(0.05 / 3, carried.Policy.SharesOf(0)[0], 1e-9);
        Assert.Equal(prior.Modules[0][0].Rate, carried.Modules[0][0].Rate);
        Assert.Equal(fit.Modules[0][1].Rate, carried.Modules[0][2].Rate);
    }

    [Fact]
    public void Carry_SameLayout_ChangesNothingButTheVersion()
    {
        var (before, fit) = Fitted("a b c", "x y");

        var carried = new FitCarrier(before, before, fit).Carry(fit, 7)!;

        Assert.Equal(fit.Policy.Draws(), carried.Policy.Draws());
        Assert.Equal(fit.Modules.SelectMany(slot => slot), carried.Modules.SelectMany(slot => slot));
    }

    [Theory]
    [InlineData("d e", "x y")]
    [InlineData("a b", "x y|z")]
    public void Carry_NothingOfASlotLeftOrAnotherSlot_IsLeftToAFit(string first, string rest)
    {
        var (before, fit) = Fitted("a b c", "x y");
        var (after, prior) = Prior([first, .. rest.Split('|')]);

        Assert.Null(new FitCarrier(before, after, prior).Carry(fit, 7));
    }

    private static (CampaignLayout Layout, SegmentFit Fit) Fitted(params string[] slots)
    {
        var layout = Layout(slots);
        var counts = Evidence.Counts(TallySource.Learned, [.. layout.ModuleKeys.SelectMany(keys => keys).Select((_, i) => (10_000L, 200.0 + 60 * i))]);
        var keyed = counts with { Channels = [counts.Channels[0] with { Modules = [.. layout.ModuleKeys.SelectMany(keys => keys).Zip(counts.Channels[0].Modules, (key, tally) => tally with { Module = key })] }] };
        return (layout, Learner.Fit(new LearnerInput(layout.ModuleKeys, keyed, 1, 0.05, 0, Rewards.Micro, Evidence.Seed)));
    }

    private static (CampaignLayout Layout, SegmentFit Fit) Prior(params string[] slots)
    {
        var layout = Layout(slots);
        return (layout, Learner.Fit(new LearnerInput(layout.ModuleKeys, SegmentCounts.None, 1, 0.05, 0, Rewards.Micro, Evidence.Seed)));
    }

    /// <summary>Slots s0, s1, … with these modules.</summary>
    private static CampaignLayout Layout(string[] slots)
    {
        var json = string.Join(',', slots.Select((modules, slot) =>
            $$"""{"id":"s{{slot}}","modules":[{{string.Join(',', modules.Split(' ').Select(id => $$"""{"id":"{{id}}"}"""))}}]}"""));
        var campaign = CampaignReader.Read("c", Encoding.UTF8.GetBytes($$"""{"slots":[{{json}}]}"""), out _)!;
        return new CampaignLayout(new PublishedCampaign
        {
            Id = "c",
            Incarnation = 1,
            Revision = 1,
            LayoutRevision = 1,
            Campaign = campaign,
            Versions = [.. campaign.Slots.Select(slot => slot.Modules.Select(_ => 1).ToImmutableArray())],
        });
    }
}
