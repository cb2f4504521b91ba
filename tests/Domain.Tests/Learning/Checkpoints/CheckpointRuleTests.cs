using Flywheel.Domain.Learning.Checkpoints;

namespace Flywheel.Domain.Tests.Learning.Checkpoints;

public sealed class CheckpointRuleTests
{
    private const long MinuteMs = 60_000;
    private const long DayMs = 24 * 60 * MinuteMs;

    /// <summary>
    /// The age of the checkpoint that a rollback to any moment of the last week goes to is at most this many times the age asked for, beside two
    /// intervals: of sixteen over a week, each should be 2,016^(1/15) = 1.7 times as old as the next.
    /// </summary>
    private const double MostTimesAsOld = 3;

    [Fact]
    public void Spare_OfMonthsOfTraffic_LeavesAFewThatAreDenserTheNewerTheyAre()
    {
        List<PolicyCheckpoint> kept = [];
        var worst = 0.0;
        for (var nowMs = 0L; nowMs < 30 * DayMs; nowMs += 5 * MinuteMs)
        {
            Keep(kept, nowMs, CheckpointKind.Regular);
            Assert.InRange(kept.Count, 1, CheckpointRule.MostRegular);
            if (nowMs < 8 * DayMs)
                continue;
            for (var ageMs = 10 * MinuteMs; ageMs < 7 * DayMs; ageMs += ageMs / 5)
            {
                var found = kept[CheckpointRule.NewestNotAfter(kept, nowMs - ageMs)];
                worst = Math.Max(worst, (nowMs - found.AtMs - 10 * MinuteMs) / (double)ageMs);
            }
        }

        Assert.InRange(worst, 1, MostTimesAsOld);
    }

    [Fact]
    public void Spare_AfterALongSilence_KeepsHowThingsStoodBefore()
    {
        List<PolicyCheckpoint> kept = [];
        Keep(kept, 0, CheckpointKind.Regular);
        Keep(kept, DayMs, CheckpointKind.Regular);
        Keep(kept, 60 * DayMs, CheckpointKind.Regular);

        Assert.Equal([DayMs, 60 * DayMs], kept.Select(checkpoint => checkpoint.AtMs));
    }

    [Fact]
    public void Spare_OfManyRollbacks_KeepsTheLastOnesForAWeek()
    {
        List<PolicyCheckpoint> kept = [];
        for (var at = 1; at <= 10; at++)
        {
            Keep(kept, at * 10 * MinuteMs - 1, CheckpointKind.BeforeRollback);
            Keep(kept, at * 10 * MinuteMs, CheckpointKind.RolledBack);
        }

        Assert.Equal(CheckpointRule.MostOfRollbacks, kept.Count);
        Assert.Equal(70 * MinuteMs - 1, kept[0].AtMs);
        Keep(kept, 8 * DayMs, CheckpointKind.Regular);
        Assert.Equal([8 * DayMs], kept.Select(checkpoint => checkpoint.AtMs));
    }

    [Fact]
    public void NewestNotAfter_OfTwoOfOneMoment_IsTheOneKeptLast()
    {
        PolicyCheckpoint[] kept = [Of(5, CheckpointKind.Regular), Of(9, CheckpointKind.BeforeRollback), Of(9, CheckpointKind.RolledBack)];

        Assert.Equal([-1, 0, 0, 2, 2], ((long[])[4, 5, 8, 9, 100]).Select(at => CheckpointRule.NewestNotAfter(kept, at)));
    }

    private static void Keep(List<PolicyCheckpoint> kept, long atMs, CheckpointKind kind)
    {
        kept.Add(Of(atMs, kind));
        while (CheckpointRule.Spare(kept, atMs) is >= 0 and var spare)
            kept.RemoveAt(spare);
    }

    private static PolicyCheckpoint Of(long atMs, CheckpointKind kind) => new(atMs, atMs, kind, 0, 0, []);
}
