using System.Collections.Immutable;

namespace Flywheel.Abstractions.Partitions;

/// <summary>Sampled decisions that had an impression, in the order they were made.</summary>
[GenerateSerializer, Immutable, Alias("flywheel.decision-sample")]
public sealed record DecisionSampleMessage([property: Id(0)] ImmutableArray<SampledDecision> Decisions);
