using Flywheel.Domain.Scoring.Fatigue;

namespace Flywheel.Domain.Tests.Scoring.Fatigue;

/// <summary>200 seeded runs each of 50,000 impressions a module, looked at after every thousand.</summary>
public sealed class FalseAlarmTests
{
    private const int Runs = 200;
    private const double Most = FatigueWatch.FalseAlarmRate * Runs;

    public static TheoryData<Happening> Happenings => [.. Enum.GetValues<Happening>()];

    public static TheoryData<Happening> Learnings => [Happening.Learning, Happening.LearningByDayAndNight, Happening.LearningWithDelays, Happening.LostWatch];

    [Theory]
    [MemberData(nameof(Happenings))]
    public void Observe_NoHeadlineFades_FindsAnyInOnePercentOfRunsAtTheMost(Happening happening) =>
        Assert.InRange(FatigueWorlds.Headlines(0.02).With(happening).FalseAlarms(Runs), 0, Most);

    /// <summary>A learned policy moves modules of two slots from one company to another.</summary>
    [Theory]
    [MemberData(nameof(Learnings))]
    public void Observe_CombinationsChangeCompany_FindsAnyInOnePercentOfRunsAtTheMost(Happening happening) =>
        Assert.InRange(FatigueWorlds.TwoSlots(0.04).With(happening).FalseAlarms(Runs), 0, Most);

    [Fact]
    public void Observe_EngineLearns_FindsNone() =>
        Assert.Equal(0, (FatigueWorlds.Headlines(0.05).With(Happening.DayAndNight) with { UsesTheEngine = true, Step = 2_000 }).FalseAlarms(8));
}
