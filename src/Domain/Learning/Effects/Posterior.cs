using System.Collections.Immutable;
using Flywheel.Domain.Learning.Evidence;

namespace Flywheel.Domain.Learning.Effects;

/// <summary>What is believed of a segment.</summary>
/// <param name="First">What all of its past says, if it counts alike.</param>
/// <param name="Unit">What a reward that is counted as one is worth, as a share of the most a decision can earn.</param>
internal sealed record Posterior(SlotFit[] First, SlotBelief[] Slots, EffectPrior[][] Priors, JointEffects? Joint, PairEffects? Pairs, double Unit)
{
    /// <summary>Rate assumed of a segment before its first impression, and the rewards that this is worth.</summary>
    private const double InitialRate = 0.02;
    private const double InitialRewards = 0.5;

    private const int CompanyRounds = 2;

    /// <summary>Of the rate, beyond that of the effects.</summary>
    public double LevelVariance => 1 / (First[0].Counted.Sum() + InitialRewards);

    public static Posterior Of(LearnerInput input, SegmentEvidence evidence)
    {
        var capMicros = Math.Max(1, input.RewardCapMicros);
        var exposure = new Exposure(evidence, input.Slots, capMicros);
        var unit = exposure.UnitMicros / capMicros;
        var slots = input.Slots.Length;
        var isPooled = !input.Pooled.IsDefault;
        var modules = input.Slots.Select((keys, slot) => input.Priors.IsDefault ? [.. keys.Select(_ => ModulePrior.Unknown)] : input.Priors[slot]).ToArray();
        var priors = modules.Select((known, slot) => PriorBuilder.Initial(known, isPooled ? input.Pooled[slot] : default, input.Widths)).ToArray();
        var start = Math.Log(InitialRate / unit);
        var first = new SlotFit[slots];
        for (var slot = 0; slot < slots; slot++)
            first[slot] = FitAll(exposure, slot, priors[slot], start);
        for (var round = 0; slots > 1 && round < CompanyRounds; round++)
        {
            exposure.Accompany(first);
            for (var slot = 0; slot < slots; slot++)
                first[slot] = FitAll(exposure, slot, priors[slot], start);
        }
        var beliefs = new SlotBelief[slots];
        var memo = input.Memo ?? new FitMemo();
        for (var slot = 0; slot < slots; slot++)
        {
            priors[slot] = PriorBuilder.Refine(modules[slot], priors[slot], first[slot], exposure, isPooled);
            first[slot] = FitAll(exposure, slot, priors[slot], start);
            beliefs[slot] = Believe(exposure, slot, priors[slot], start, memo);
        }
        var table = evidence.Pairs.IsEmpty ? null : new PairTable(exposure, capMicros);
        var joint = table is null ? null : JointEffects.Of(exposure, table, priors, input.Widths, start, first);
        var pairs = table is null || joint is not null ? null : new PairEffects(table, first, input.Widths);
        return new Posterior(first, beliefs, priors, joint, pairs, unit);
    }

    /// <summary>
    /// By slot and module: how far its effect has moved from what all of the past says, as far as it is likely that anything has
    /// moved at all.
    /// </summary>
    public EffectPrior[][] Moved() => [.. Slots.Zip(First, Moved)];

    private static EffectPrior[] Moved(SlotBelief belief, SlotFit first)
    {
        var moved = new EffectPrior[first.Means.Length];
        for (var i = 0; i < moved.Length; i++)
        {
            var (moving, by) = (belief.Moving, belief.Means[i] - first.Means[i]);
            moved[i] = new EffectPrior(moving * by, moving * Math.Max(0, belief.Variances[i] - first.Variances[i]) + moving * (1 - moving) * by * by);
        }
        return moved;
    }

    /// <summary>The effects that fit the evidence best, with what they rest on: the belief without what was expected before.</summary>
    public SegmentSummary Summarise()
    {
        var (effects, precisions) = (ImmutableArray.CreateBuilder<ImmutableArray<double>>(Slots.Length), ImmutableArray.CreateBuilder<ImmutableArray<double>>(Slots.Length));
        for (var slot = 0; slot < Slots.Length; slot++)
        {
            var (belief, priors) = (Slots[slot], Priors[slot]);
            var precision = priors.Select((prior, i) => Math.Max(0, 1 / belief.Variances[i] - 1 / prior.Variance)).ToImmutableArray();
            precisions.Add(precision);
            effects.Add([.. priors.Select((prior, i) => precision[i] > 0 ? (belief.Means[i] / belief.Variances[i] - prior.Mean / prior.Variance) / precision[i] : 0)]);
        }
        return new SegmentSummary(First[0].Level, First[0].Counted.Sum(), effects.MoveToImmutable(), precisions.MoveToImmutable())
        {
            PairsKnown = Joint?.PairsKnown ?? 0,
            PairSquares = Joint?.PairSquares ?? 0,
        };
    }

    private static SlotFit FitAll(Exposure exposure, int slot, EffectPrior[] priors, double start)
    {
        var (exposures, rewards) = exposure.Sum(slot);
        return SlotFit.Of(exposures, rewards, priors, start, InitialRewards);
    }

    private static SlotBelief Believe(Exposure exposure, int slot, EffectPrior[] priors, double start, FitMemo memo)
    {
        if (exposure.Buckets == 0)
            return new RegimeFilter(priors, start, InitialRewards).Believe();
        var filter = memo.Advance(exposure, slot, priors, start, InitialRewards);
        exposure.Show(filter, slot, exposure.Buckets - 1);
        return filter.Believe();
    }
}
