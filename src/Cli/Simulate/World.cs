using System.Collections.Immutable;

namespace Flywheel.Cli.Simulate;

/// <summary>A described world: slots with modules, segments with true reward probabilities that may change.</summary>
/// <param name="Impressions">Length of a run.</param>
/// <param name="ImpressionsPerSecond">Pace in virtual time.</param>
/// <param name="Control">Share of the control group.</param>
/// <param name="RewardDelaySeconds">Mean of the exponential delay of a reward; 0 for none.</param>
internal sealed record World(
    string Name,
    int Impressions,
    double ImpressionsPerSecond,
    double Control,
    double RewardDelaySeconds,
    ImmutableArray<WorldSlot> Slots,
    ImmutableArray<WorldSegment> Segments)
{
    /// <summary>Combinations: the product of the modules of all slots.</summary>
    public int Combinations => Slots.Aggregate(1, (product, slot) => product * slot.Modules.Length);
}
