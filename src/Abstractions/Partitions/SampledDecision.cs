using System.Collections.Immutable;
using Flywheel.Decisions;

namespace Flywheel.Abstractions.Partitions;

/// <summary>A decision with the propensity it was made with and what it has earned.</summary>
/// <param name="DecidedAtMs">Unix time in milliseconds.</param>
/// <param name="Propensity">Above 0 and up to 1.</param>
/// <param name="Channel">Empty for none.</param>
/// <param name="Modules">Keys of module versions, in the order of the slots.</param>
/// <param name="RewardMicros">In millionths.</param>
[GenerateSerializer, Immutable, Alias("flywheel.sampled-decision")]
public sealed record SampledDecision(
    [property: Id(0)] string Segment,
    [property: Id(1)] long DecidedAtMs,
    [property: Id(2)] Group Group,
    [property: Id(3)] double Propensity,
    [property: Id(4)] string Channel,
    [property: Id(5)] ImmutableArray<ulong> Modules,
    [property: Id(6)] long RewardMicros);
