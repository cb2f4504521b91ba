using Flywheel.Domain.Governance.Trials;
using Flywheel.Domain.Scoring;

namespace Flywheel.Domain.Tests.Governance.Trials;

public sealed class TrialTests
{
    [Theory]
    [InlineData(60, 40, 90, 600, TrialVerdict.RollBack)]
    [InlineData(60, 40, 90, 499, TrialVerdict.Continue)]
    [InlineData(140, 105, 187, 600, TrialVerdict.Promote)]
    [InlineData(140, 98, 200, 600, TrialVerdict.Continue)]
    [InlineData(104, 90, 120, 20_000, TrialVerdict.Promote)]
    [InlineData(96, 85, 108, 20_000, TrialVerdict.Retire)]
    [InlineData(96, 85, 108, 19_999, TrialVerdict.Continue)]
    public void Judge_OneSegment_IsAsStated(double mean, double low, double high, long impressions, TrialVerdict verdict) =>
        Assert.Equal(verdict, Trial.Judge([(new Interval(mean, low, high), impressions)]).Verdict);

    /// <summary>Four segments that each say little say enough together.</summary>
    [Fact]
    public void Judge_SegmentsThatAgree_AreSurerTogether()
    {
        var alone = (new Interval(130, 95, 178), 400L);

        Assert.Equal(TrialVerdict.Continue, Trial.Judge([alone]).Verdict);
        var together = Trial.Judge([alone, alone, alone, alone]);
        Assert.Equal(TrialVerdict.Promote, together.Verdict);
        Assert.Equal(1_600, together.Impressions);
        Assert.Equal(Math.Sqrt(95.0 * 178), together.Resonance.Mean, 0.01);
        Assert.Equal(Math.Log(178.0 / 95) / 2, Math.Log(together.Resonance.High / together.Resonance.Low), 1e-6);
    }

    [Fact]
    public void Judge_SegmentsThatDiffer_FollowTheSurer()
    {
        var judged = Trial.Judge([(new Interval(150, 60, 375), 100), (new Interval(80, 72, 89), 5_000)]);

        Assert.Equal(TrialVerdict.RollBack, judged.Verdict);
        Assert.InRange(judged.Resonance.Mean, 79, 83);
    }

    [Fact]
    public void Judge_NeverShown_GoesOn() => Assert.Equal(TrialVerdict.Continue, Trial.Judge([]).Verdict);
}
