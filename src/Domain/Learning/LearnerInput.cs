using System.Collections.Immutable;
using Flywheel.Domain.Learning.Effects;

namespace Flywheel.Domain.Learning;

/// <summary>All that a fit depends on.</summary>
/// <param name="Slots">The key of each module now in force, by slot.</param>
/// <param name="Counts">The segment's counts.</param>
/// <param name="PolicyVersion">The version that the fitted policy gets.</param>
/// <param name="Control">Share of the control group, 0 to 1.</param>
/// <param name="MinPropensity">The least probability of any combination.</param>
/// <param name="RewardCapMicros">The most one decision can earn, in millionths.</param>
/// <param name="Seed">Fixes the draws; the same for the life of a campaign, so that units keep their variants.</param>
public sealed record LearnerInput(
    ImmutableArray<ImmutableArray<ulong>> Slots,
    SegmentCounts Counts,
    long PolicyVersion,
    double Control,
    double MinPropensity,
    long RewardCapMicros,
    ulong Seed)
{
    /// <summary>What is known of each module beforehand, by slot; default where nothing is.</summary>
    public ImmutableArray<ImmutableArray<ModulePrior>> Priors { get; init; }

    /// <summary>What the campaign's other segments let one expect, by slot and module; default where there are none.</summary>
    public ImmutableArray<ImmutableArray<EffectPrior>> Pooled { get; init; }

    /// <summary>How much effects are expected to vary: as the engine's other campaigns have shown (<see cref="WidthPool"/>), or as in the archive.</summary>
    public EffectWidths Widths { get; init; } = EffectWidths.Archive;

    /// <summary>What the last fit of the segment left to go on from; null where every fit starts anew. The result is the same.</summary>
    public FitMemo? Memo { get; init; }

    /// <summary>The most of all requests that each module may take, 0 to 1, by slot; default where none is bounded.</summary>
    public ImmutableArray<ImmutableArray<double>> MaxShares { get; init; }

    /// <summary>False leaves <see cref="SegmentFit.Modules"/> empty: a simulation has nobody to show them to.</summary>
    public bool Explain { get; init; } = true;
}
