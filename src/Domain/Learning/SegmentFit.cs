using System.Collections.Immutable;

namespace Flywheel.Domain.Learning;

/// <summary>What a learner makes of a segment's counts.</summary>
/// <param name="Policy">How the segment is served from now on.</param>
/// <param name="Modules">What is believed of each module, by slot.</param>
public sealed record SegmentFit(SegmentPolicy Policy, ImmutableArray<ImmutableArray<ModuleEstimate>> Modules);
