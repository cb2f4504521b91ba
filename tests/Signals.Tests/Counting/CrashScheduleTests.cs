namespace Flywheel.Signals.Tests.Counting;

/// <summary>
/// Seeded schedules against a simple oracle: signals are sent once, twice, late, under ids of their own and damaged; appends
/// lose their replies, owners die before and after a commit and are replaced while they still run. Whatever happens, what
/// was accepted is counted once.
/// </summary>
public sealed class CrashScheduleTests
{
    private const int Schedules = 10_000;

    [Fact]
    public void Counts_OverTenThousandCrashSchedules_EqualTheOracle()
    {
        var crashes = 0;
        Parallel.For(0, Schedules, seed =>
        {
            var schedule = new CrashSchedule(seed);
            schedule.Run();
            var ledger = schedule.Ledger;
            Assert.True(ledger.Balances, $"seed {seed}: {ledger} does not balance");
            Assert.True(ledger == schedule.Oracle.Ledger, $"seed {seed}: counted {ledger}, oracle {schedule.Oracle.Ledger}");
            Assert.True(schedule.Totals.SequenceEqual(schedule.Oracle.Totals), $"seed {seed}: counts differ from the oracle's");
            Assert.True(schedule.Sample.SequenceEqual(schedule.Oracle.Decisions), $"seed {seed}: the sample differs from the oracle's decisions");
            Interlocked.Add(ref crashes, schedule.Crashes);
        });
        Assert.True(crashes > Schedules, $"only {crashes} crashes in {Schedules} schedules");
    }
}
