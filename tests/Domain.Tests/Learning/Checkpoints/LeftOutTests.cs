using Flywheel.Decisions;
using Flywheel.Domain.Learning;
using Flywheel.Domain.Learning.Checkpoints;

namespace Flywheel.Domain.Tests.Learning.Checkpoints;

public sealed class LeftOutTests
{
    private static readonly long WindowMs = (long)DecisionLimits.LongestAttributionWindow.TotalMilliseconds;

    [Fact]
    public void RollBack_ToACheckpoint_LeavesOutAllThatWasCountedSince()
    {
        var leftOut = LeftOut.Nothing.With(3, 2).RollBack(Checkpoint(100, impressions: 40, rewardMicros: 7), new GroupTally(9, 90, 50), 500);

        Assert.Equal((1, 500, 50, 43), (leftOut.Rollbacks, leftOut.LastMs, leftOut.Impressions, leftOut.RewardMicros));
        Assert.Equal([(100, false), (101, true), (500, true), (501, false)], ((long[])[100, 101, 500, 501]).Select(at => (at, leftOut.Covers(at))));
        var more = leftOut.With(1, 5);
        Assert.Equal((51, 48), (more.Impressions, more.RewardMicros));
    }

    [Fact]
    public void RollBack_ToBeforeAnotherRollback_JoinsTheirTimes()
    {
        var first = LeftOut.Nothing.RollBack(Checkpoint(300), default, 400);

        Assert.Equal([new LeftOutSpan(300, 400), new LeftOutSpan(450, 500)], first.RollBack(Checkpoint(450, leftOut: [.. first.Spans]), default, 500).Spans);
        Assert.Equal([new LeftOutSpan(200, 500)], first.RollBack(Checkpoint(200), default, 500).Spans);
        Assert.Equal([new LeftOutSpan(300, 500)], first.RollBack(Checkpoint(400, leftOut: [.. first.Spans]), default, 500).Spans);
    }

    [Fact]
    public void RollBack_ToBeforeARollbackThatItUndoes_TakesItsDecisionsInAgain()
    {
        var undone = LeftOut.Nothing.RollBack(Checkpoint(300), default, 400).RollBack(Checkpoint(399), default, 500);

        Assert.Equal([new LeftOutSpan(399, 500)], undone.Spans);
    }

    [Fact]
    public void RollBack_SpansWhoseSignalsAreAllLate_AreForgotten()
    {
        var leftOut = LeftOut.Nothing.RollBack(Checkpoint(WindowMs + 900, leftOut: [new LeftOutSpan(0, 10), new LeftOutSpan(900, 1_001)]), default, WindowMs + 1_000);

        Assert.Equal([new LeftOutSpan(900, 1_001), new LeftOutSpan(WindowMs + 900, WindowMs + 1_000)], leftOut.Spans);
    }

    [Fact]
    public void RollBack_ManyTimes_KeepsABoundedNumberOfSpansAndLeavesOutNoLess()
    {
        var leftOut = LeftOut.Nothing;
        for (var i = 1; i <= 40; i++)
            leftOut = leftOut.RollBack(Checkpoint(i * 100 - 10, leftOut: [.. leftOut.Spans]), default, i * 100);

        Assert.Equal((40, LeftOut.MaxSpans), (leftOut.Rollbacks, leftOut.Spans.Length));
        for (var i = 1; i <= 40; i++)
            Assert.True(leftOut.Covers(i * 100 - 5));
        Assert.False(leftOut.Covers(4_001));
        Assert.False(leftOut.Covers(3_950));
    }

    private static PolicyCheckpoint Checkpoint(long atMs, long impressions = 0, long rewardMicros = 0, LeftOutSpan[]? leftOut = null) =>
        new(atMs, atMs, CheckpointKind.Regular, impressions, rewardMicros, [.. leftOut ?? []]);
}
