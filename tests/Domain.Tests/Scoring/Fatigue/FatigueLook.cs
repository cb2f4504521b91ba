using System.Collections.Immutable;
using Flywheel.Domain.Learning;
using Flywheel.Domain.Scoring.Fatigue;

namespace Flywheel.Domain.Tests.Scoring.Fatigue;

/// <summary>One look of a watch at a world.</summary>
/// <param name="Impressions">What the module that changes has had by then.</param>
internal sealed record FatigueLook(SegmentCounts Counts, FatigueWatch Watch, ImmutableArray<FatigueFinding> Findings, double Impressions);
