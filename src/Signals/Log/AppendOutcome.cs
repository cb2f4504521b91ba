namespace Flywheel.Signals;

/// <summary>What became of signals that were handed over for the log.</summary>
public enum AppendOutcome
{
    /// <summary>They are durable.</summary>
    Durable,

    /// <summary>More is waiting to be counted than the engine takes; nothing was appended.</summary>
    BacklogFull,

    /// <summary>The store is away; whether anything was appended is unknown, and sending it again does no harm.</summary>
    StoreAway,
}
