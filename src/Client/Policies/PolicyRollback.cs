namespace Flywheel.Client;

/// <summary>What a rollback came to. It is durable, and in the history.</summary>
/// <param name="Campaign">The campaign.</param>
/// <param name="At">When it was asked for.</param>
/// <param name="To">The moment that was asked for.</param>
/// <param name="Undo">Going back to this moment undoes it.</param>
/// <param name="Served">Whether every silo that can be reached serves it; where not yet, it comes by itself.</param>
/// <param name="Segments">Each segment that went back.</param>
/// <param name="Unchanged">Segments that have no checkpoint that old, and stay as they are.</param>
public sealed record PolicyRollback(
    string Campaign,
    DateTimeOffset At,
    DateTimeOffset To,
    DateTimeOffset Undo,
    bool Served,
    IReadOnlyList<RolledBackSegment> Segments,
    IReadOnlyList<string> Unchanged);
