namespace Flywheel.Decisions;

/// <summary>The sizes that choosing and tokens are made for; a campaign keeps to them.</summary>
public static class DecisionLimits
{
    public const int Slots = 8;
    public const int Segments = 1_000;
    public const int ConditionsPerSegment = 16;
    public const int ValuesPerCondition = 256;
    public const int Channels = 16;

    /// <summary>Of the log that signals are counted from.</summary>
    public const int Partitions = 64;

    public static readonly TimeSpan LongestAttributionWindow = TimeSpan.FromDays(30);
}
