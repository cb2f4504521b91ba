namespace Flywheel.Domain.Tests.Scoring.Fatigue;

/// <summary>What can happen without any module fading.</summary>
public enum Happening
{
    Nothing,
    AllFallAtOnce,
    AllDecay,
    Outage,
    DayAndNight,
    Learning,
    LearningByDayAndNight,
    LearningWithDelays,
    OrdersOfAllSizes,
    RareLooks,
    LostWatch,
}
