using Flywheel.Domain.Experiments;
using Flywheel.Domain.Learning;
using Flywheel.Silo.Api.Overview;

namespace Flywheel.Silo.Tests.Overview;

/// <summary>When something is wrong with a campaign, and when it no longer is.</summary>
public sealed class CampaignProblemsTests
{
    private static readonly SampleRatio Healthy = new(0.1, 0.1, 0.5);

    [Theory]
    [InlineData(1, 1, false)]
    [InlineData(99, 99, false)]
    [InlineData(100, 100, true)]
    [InlineData(100, 9_999, true)]
    [InlineData(100, 10_000, false)]
    [InlineData(10_000, 1_000_000, false)]
    [InlineData(10_001, 1_000_000, true)]
    public void Of_SignalsInQuarantine_IsAProblemBeyondABound(long quarantined, long accepted, bool isProblem) =>
        Assert.Equal(isProblem ? ["quarantined"] : [], CampaignProblems.Of(Healthy, Ledger(quarantined, accepted), isStale: false, had: []));

    /// <summary>Clicks that wait for their impressions: the share goes up and down about the bound.</summary>
    [Fact]
    public void Of_AShareThatHovers_ComesOnceAndStaysUntilItHasHalved()
    {
        IReadOnlyList<string> had = [];
        var changes = 0;
        foreach (var quarantined in (long[])[900, 1_100, 900, 1_100, 501, 1_001, 500, 999, 1_200])
        {
            var now = CampaignProblems.Of(Healthy, Ledger(quarantined, 100_000), isStale: false, had);
            changes += now.SequenceEqual(had) ? 0 : 1;
            had = now;
        }

        Assert.Equal((1, "quarantined"), (changes, Assert.Single(had)));
        Assert.Empty(CampaignProblems.Of(Healthy, Ledger(499, 100_000), isStale: false, had));
        Assert.Empty(CampaignProblems.Of(Healthy, Ledger(0, 0), isStale: false, had));
    }

    [Fact]
    public void Of_AnExperimentThatIsHardlyUnhealthy_ComesOnceAndStaysUntilItIsHealthyAgain()
    {
        IReadOnlyList<string> At(double pValue, params string[] had) => CampaignProblems.Of(new SampleRatio(0.1, 0.2, pValue), Ledger(0, 1_000), isStale: false, had);

        Assert.Empty(At(0.001));
        Assert.Equal(["sampleRatio"], At(0.0009));
        Assert.Equal(["sampleRatio"], At(0.0099, "sampleRatio"));
        Assert.Empty(At(0.01, "sampleRatio"));
    }

    [Fact]
    public void Of_All_AreInTheOrderThatIsPromised() =>
        Assert.Equal(CampaignProblems.All, CampaignProblems.Of(new SampleRatio(0.1, 0.2, 0), Ledger(200, 1_000), isStale: true, had: []));

    private static SignalLedger Ledger(long quarantined, long accepted) => new(accepted, accepted - quarantined, 0, 0, quarantined);
}
