using System.Collections.Immutable;
using Flywheel.Domain.Scoring.Insights;

namespace Flywheel.Abstractions.Messaging;

/// <summary>What can be said of a campaign now.</summary>
[GenerateSerializer, Immutable, Alias("flywheel.insights")]
public sealed record InsightsMessage([property: Id(0)] ImmutableArray<Insight> Insights);
