namespace Flywheel.Domain.Tests.Scoring.Fatigue;

/// <summary>The worlds that docs/fatigue.md measures.</summary>
internal static class FatigueWorlds
{
    /// <summary>Impressions a module, served evenly.</summary>
    public const int ImpressionsPerModule = 50_000;

    /// <summary>Effects of four modules, and of three and three in two slots: as real headlines differ, sd 0.25 of the log, and more.</summary>
    private static readonly double[] Effects = [0.85, 1.0, 1.3, 0.95];
    private static readonly double[] First = [0.8, 1.35, 0.95];
    private static readonly double[] Second = [1.4, 0.8, 1.0];
    private static readonly double[,] Pairs = { { 1.1, 0.9, 1.0 }, { 1.15, 0.95, 0.85 }, { 0.9, 1.05, 1.1 } };

    /// <summary>One slot of four.</summary>
    public static FatigueWorld Headlines(double rate) => new(4) { Impressions = 4 * ImpressionsPerModule, Rate = modules => rate * Effects[modules[0]] };

    /// <summary>One slot of as many modules of the same rate.</summary>
    public static FatigueWorld Equals(int modules, double rate) => new(modules) { Impressions = modules * ImpressionsPerModule, Rate = _ => rate };

    /// <summary>Two slots of three whose modules act on each other.</summary>
    public static FatigueWorld TwoSlots(double rate) => new(3, 3)
    {
        Impressions = 3 * ImpressionsPerModule,
        Rate = modules => rate * First[modules[0]] * Second[modules[1]] * Pairs[modules[0], modules[1]],
    };

    /// <summary>What can happen to a world without any module of it fading.</summary>
    public static FatigueWorld With(this FatigueWorld world, Happening happening) => happening switch
    {
        Happening.Nothing => world,
        Happening.AllFallAtOnce => world with { Level = passed => passed < 0.5 ? 1 : 0.5 },
        Happening.AllDecay => world with { Level = passed => Math.Exp(-2 * passed) },
        Happening.Outage => world with { Level = passed => passed is > 0.5 and < 0.6 ? 0 : 1 },
        Happening.DayAndNight => world with { Level = DayAndNight },
        Happening.Learning => world with { Learns = true },
        Happening.LearningByDayAndNight => world with { Learns = true, Level = DayAndNight },
        Happening.LearningWithDelays => world with { Learns = true, Level = DayAndNight, DelayMs = 60_000 },
        Happening.OrdersOfAllSizes => world with { Worth = random => random.NextDouble() < 0.9 ? 1 : 20, Cap = 20 },
        Happening.RareLooks => world with { Learns = true, Level = DayAndNight, LookEvery = 20 },
        _ => world with { Learns = true, Level = DayAndNight, LoseEvery = 60 },
    };

    private static double DayAndNight(double passed) => 1 + 0.6 * Math.Sin(2 * Math.PI * 10 * passed);
}
