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
    public async Task Counts_OverTenThousandCrashSchedules_EqualTheOracle()
    {
        var crashes = 0;
        await Parallel.ForAsync(0, Schedules, TestContext.Current.CancellationToken, async (seed, _) =>
        {
            var schedule = new CrashSchedule(seed, new MemoryStore());
            await schedule.RunAsync();
            Interlocked.Add(ref crashes, schedule.Crashes);
        });
        Assert.True(crashes > Schedules, $"only {crashes} crashes in {Schedules} schedules");
    }
}
