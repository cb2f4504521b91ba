using System.Collections.Immutable;

namespace Flywheel.Abstractions.Campaigns;

/// <summary>What a rollback came to.</summary>
/// <param name="AtMs">When it was asked for, Unix time in milliseconds.</param>
/// <param name="Segments">Each segment that goes back.</param>
/// <param name="Without">Segments that have no checkpoint that old, and stay as they are.</param>
/// <param name="IsServed">Whether every silo that can be reached serves it; where not, the signals before it are still being counted.</param>
/// <param name="Refused">Why nothing changes, with the checkpoints that there are; null where it was not refused.</param>
[GenerateSerializer, Immutable, Alias("flywheel.rollback-outcome")]
public sealed record RollbackOutcomeMessage(
    [property: Id(0)] long AtMs,
    [property: Id(1)] ImmutableArray<RolledBackSegment> Segments,
    [property: Id(2)] ImmutableArray<string> Without,
    [property: Id(3)] bool IsServed,
    [property: Id(4)] string? Refused);
