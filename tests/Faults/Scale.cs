namespace Flywheel.Faults;

/// <summary>How much of everything: the short suite that CI runs, or the long one whose figures are published.</summary>
internal sealed record Scale
{
    private static readonly Scale Short = new()
    {
        Silos = 2,
        Signals = 12_000,
        CrashSignals = 15_000,
        SignalsPerSecond = 3_000,
        DecisionsPerSecond = 100,
        SiloKills = 2,
        RedisKills = 2,
        LostReplies = 5,
        RollingRounds = 1,
        Stops = 3,
        Freeze = TimeSpan.FromSeconds(10),
        Stall = TimeSpan.FromSeconds(3),
        Overload = TimeSpan.FromSeconds(4),
        OverloadMeasure = TimeSpan.FromSeconds(3),
        OverloadBacklog = 100_000,
        OverloadOpen = 64,
        Patience = TimeSpan.FromSeconds(90),
    };

    private static readonly Scale Long = new()
    {
        IsLong = true,
        Silos = 3,
        Signals = 1_000_000,
        CrashSignals = 10_000_000,
        SignalsPerSecond = 20_000,
        DecisionsPerSecond = 300,
        SiloKills = 20,
        RedisKills = 10,
        LostReplies = 50,
        RollingRounds = 10,
        Stops = 50,
        Freeze = TimeSpan.FromSeconds(30),
        Stall = TimeSpan.FromSeconds(20),
        Overload = TimeSpan.FromSeconds(60),
        OverloadMeasure = TimeSpan.FromSeconds(20),
        OverloadBacklog = 500_000,
        OverloadOpen = 512,
        Patience = TimeSpan.FromMinutes(10),
    };

    /// <summary>Long where <c>FLYWHEEL_FAULTS=long</c>.</summary>
    public static Scale Current { get; } = Environment.GetEnvironmentVariable("FLYWHEEL_FAULTS") == "long" ? Long : Short;

    /// <value>True where the figures of issue and docs are to be reached, and not exactness alone.</value>
    public bool IsLong { get; private init; }

    /// <value>Silos of a cluster, where the fault is not theirs.</value>
    public required int Silos { get; init; }

    /// <value>The least signals of a scenario, without repeats and poison.</value>
    public required int Signals { get; init; }

    /// <value>The same while silos are killed.</value>
    public required int CrashSignals { get; init; }

    public required int SignalsPerSecond { get; init; }

    /// <value>Decisions asked one by one, to see whether and how fast they are answered.</value>
    public required int DecisionsPerSecond { get; init; }

    public required int SiloKills { get; init; }

    public required int RedisKills { get; init; }

    /// <value>Replies that get lost, on each silo's way to Redis.</value>
    public required int LostReplies { get; init; }

    /// <value>How often every silo is restarted.</value>
    public required int RollingRounds { get; init; }

    /// <value>How often a module is stopped.</value>
    public required int Stops { get; init; }

    /// <value>How long a silo stands still; longer than it takes the others to declare it dead.</value>
    public required TimeSpan Freeze { get; init; }

    /// <value>How long Redis stands still.</value>
    public required TimeSpan Stall { get; init; }

    /// <value>How long more is offered than can be taken.</value>
    public required TimeSpan Overload { get; init; }

    /// <value>How long it is measured, before, what can be taken.</value>
    public required TimeSpan OverloadMeasure { get; init; }

    /// <value>The silos' <c>--max-backlog</c> then: so little that the overload reaches it.</value>
    public required int OverloadBacklog { get; init; }

    /// <value>Requests of 10,000 signals under way at a time, at the most.</value>
    public required int OverloadOpen { get; init; }

    /// <value>How long to wait for what must come. No limit of its own, only the end of hope.</value>
    public required TimeSpan Patience { get; init; }
}
