using System.Buffers;
using System.Collections.Immutable;
using Flywheel.Decisions;
using Flywheel.Domain.Learning.Effects;
using Flywheel.Domain.Learning.Evidence;

namespace Flywheel.Domain.Learning;

/// <summary>
/// Thompson sampling (Thompson 1933; Chapelle and Li, NIPS 2011; Russo et al., A Tutorial on Thompson Sampling, 2018) over
/// combinations of modules: main effects and pairwise interactions on the log of the rate, shared between segments as far as they
/// are alike, with as much of the past as foretells the present. One configuration for all campaigns; docs/learning.md explains it.
/// </summary>
/// <remarks>
/// <para>An entry of the table is one draw of all effects and the combination that is best under it. Its random numbers never
/// change (common random numbers), so an entry moves only when its winner does, and a unit that is tied to it as seldom as the
/// posterior allows.</para>
/// <para>The draws are narrowed: plain Thompson sampling explores for a campaign without end, and pays for it in small effects.
/// What is shown to people (rates, chance of being best) is not narrowed.</para>
/// <para>Cost of a fit: buckets × 28 × modules for the evidence, entries × modules × slots for the table, or entries × effects² ÷ 2
/// where combinations are few.</para>
/// </remarks>
public sealed class ModuleEffectsLearner : ILearner
{
    public SegmentFit Fit(LearnerInput input)
    {
        var evidence = input.Counts.Evidence ?? SegmentEvidence.From(input.Counts);
        var posterior = Posterior.Of(input, evidence);
        var draws = ArrayPool<ulong>.Shared.Rent(SegmentPolicy.Entries);
        if (posterior.Joint is { } joint)
            joint.Draw(draws.AsSpan(0, SegmentPolicy.Entries), posterior.Moved(), input.Slots, input.Seed);
        else
            SlotDraws.Draw(draws.AsSpan(0, SegmentPolicy.Entries), posterior, input);
        ImmutableArray<int> modulesPerSlot = [.. input.Slots.Select(modules => modules.Length)];
        ShareCap.Apply(draws.AsSpan(0, SegmentPolicy.Entries), input.MaxShares, SegmentPolicy.UniformShareOf(modulesPerSlot, input.Control, input.MinPropensity));
        var policy = new SegmentPolicy(
            input.PolicyVersion, modulesPerSlot, draws.AsSpan(0, SegmentPolicy.Entries), input.Control, input.MinPropensity);
        ArrayPool<ulong>.Shared.Return(draws);
        return new SegmentFit(policy, input.Explain ? Estimate(posterior, policy, input) : []) { Summary = posterior.Summarise() };
    }

    private static ImmutableArray<ImmutableArray<ModuleEstimate>> Estimate(Posterior posterior, SegmentPolicy policy, LearnerInput input) =>
        [.. input.Slots.Select((modules, slot) => EstimateSlot(posterior, slot, policy.SharesOf(slot), input))];

    private static ImmutableArray<ModuleEstimate> EstimateSlot(Posterior posterior, int slot, double[] shares, LearnerInput input)
    {
        var belief = posterior.Slots[slot];
        var best = SlotDraws.ChancesOfBest(belief, input.Slots[slot], input.Seed);
        var estimates = ImmutableArray.CreateBuilder<ModuleEstimate>(shares.Length);
        for (var module = 0; module < shares.Length; module++)
        {
            var rate = Math.Min(posterior.Unit * Math.Exp(belief.Level + belief.Means[module]), 1 - 1e-9);
            var odds = 1 / (1 - rate);
            var variance = belief.Variances[module];
            estimates.Add(new ModuleEstimate(
                rate, Math.Log(rate * odds), Math.Sqrt(variance) * odds, Math.Sqrt(variance + posterior.LevelVariance) * odds, shares[module], best[module]));
        }
        return estimates.MoveToImmutable();
    }
}
