using System.Collections.Immutable;

namespace Flywheel.Domain.Learning;

/// <summary>All that a fit depends on.</summary>
/// <param name="Slots">The key of each module now in force, by slot.</param>
/// <param name="Counts">The segment's counts.</param>
/// <param name="PolicyVersion">The version that the fitted policy gets.</param>
/// <param name="Control">Share of the control group, 0 to 1.</param>
/// <param name="MinPropensity">The least probability of any combination.</param>
/// <param name="RewardCapMicros">The most one decision can earn, in millionths.</param>
/// <param name="Seed">Fixes the draws; the same for the life of a segment, so that units keep their variants.</param>
public sealed record LearnerInput(
    ImmutableArray<ImmutableArray<ulong>> Slots,
    SegmentCounts Counts,
    long PolicyVersion,
    double Control,
    double MinPropensity,
    long RewardCapMicros,
    ulong Seed);
