namespace Flywheel.Abstractions.Partitions;

/// <summary>A segment that has been counted.</summary>
/// <param name="Version">The version of its committed counts.</param>
[GenerateSerializer, Immutable, Alias("flywheel.owned-segment")]
public sealed record OwnedSegment(
    [property: Id(0)] string Campaign,
    [property: Id(1)] ulong Incarnation,
    [property: Id(2)] string Segment,
    [property: Id(3)] long Version);
