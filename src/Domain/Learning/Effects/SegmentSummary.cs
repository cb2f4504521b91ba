using System.Collections.Immutable;

namespace Flywheel.Domain.Learning.Effects;

/// <summary>What a segment's own evidence says of its modules, for its siblings to learn from.</summary>
/// <param name="Level">Log of its rate.</param>
/// <param name="Rewards">Rewards the level rests on.</param>
/// <param name="Effects">By slot and module: the effect that fits the evidence best, no prior in it.</param>
/// <param name="Precisions">By slot and module: 1 ÷ its variance; 0 where there is no evidence.</param>
public sealed record SegmentSummary(
    double Level,
    double Rewards,
    ImmutableArray<ImmutableArray<double>> Effects,
    ImmutableArray<ImmutableArray<double>> Precisions)
{
    /// <summary>How many pairs of modules the evidence knows for sure, each counting as far as its own is known; 0 where pairs are not fitted jointly.</summary>
    public double PairsKnown { get; init; }

    /// <summary>Sum of the squared effects of pairs.</summary>
    public double PairSquares { get; init; }

    /// <summary>True where it is about slots of this shape: a fit of an earlier layout is not.</summary>
    public bool IsOf(ImmutableArray<int> modulesPerSlot) =>
        Effects.Length == modulesPerSlot.Length && Effects.Select(slot => slot.Length).SequenceEqual(modulesPerSlot);
}
