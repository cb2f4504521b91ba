using System.Collections.Immutable;
using Flywheel.Decisions;
using Flywheel.Domain.Learning.Effects;

namespace Flywheel.Domain.Learning;

/// <summary>What a learner makes of a segment's counts.</summary>
/// <param name="Policy">How the segment is served from now on.</param>
/// <param name="Modules">What is believed of each module, by slot.</param>
public sealed record SegmentFit(SegmentPolicy Policy, ImmutableArray<ImmutableArray<ModuleEstimate>> Modules)
{
    /// <summary>What the segment's siblings may learn from it; null where it was not fitted from evidence.</summary>
    public SegmentSummary? Summary { get; init; }
}
