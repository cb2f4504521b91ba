using System.Collections.Immutable;
using Flywheel.Domain.Scoring.Readings;

namespace Flywheel.Abstractions.Messaging;

/// <summary>What is known of a campaign's segments.</summary>
[GenerateSerializer, Immutable, Alias("flywheel.readings")]
public sealed record ReadingsMessage([property: Id(0)] ImmutableArray<SegmentReading> Segments);
