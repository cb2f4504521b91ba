using System.Buffers;
using System.Collections.Immutable;
using Flywheel.Domain.Decisions;
using Flywheel.Domain.Learning.Effects;
using Flywheel.Domain.Learning.Evidence;
using Flywheel.Domain.Numerics;

namespace Flywheel.Domain.Learning;

/// <summary>
/// Thompson sampling (Thompson 1933; Chapelle and Li, NIPS 2011; Russo et al., A Tutorial on Thompson Sampling, 2018) over
/// combinations of modules: main effects and pairwise interactions on the log of the rate, shared between segments as far as they
/// are alike, with as much of the past as foretells the present. One configuration for all campaigns; docs/learning.md explains it.
/// </summary>
/// <remarks>
/// <para>An entry of the table is one draw of all effects and the combination that is best under it, found by hill climbing (Hill
/// et al., KDD 2017). Its random numbers never change (common random numbers), so an entry moves only when its winner does, and
/// a unit that is tied to it as seldom as the posterior allows.</para>
/// <para>The draws are narrowed: plain Thompson sampling explores for a campaign without end, and pays for it in small effects.
/// What is shown to people (rates, chance of being best) is not narrowed.</para>
/// <para>Cost of a fit: memories × buckets × modules for the evidence, entries × modules × slots for the table.</para>
/// </remarks>
public sealed class ModuleEffectsLearner : ILearner
{
    /// <summary>
    /// Where one slot decides alone: an entry draws from a normal this many times narrower in variance than the posterior, around
    /// a mean that is raised by <see cref="Optimism"/> standard deviations. Narrow draws end the exploration of small effects;
    /// the optimism keeps a module that is little known from being given up for good (Bayes-UCB; Kaufmann, Cappé and
    /// Garivier, AISTATS 2012). docs/learning.md has what other values cost.
    /// </summary>
    private const double Narrowing = 12;
    private const double Optimism = 0.4;

    /// <summary>Where slots decide together, each is tried out beside the others' trials: wider, and needing no optimism.</summary>
    private const double JointNarrowing = 4;

    /// <summary>Rate assumed of a segment before its first impression, and the rewards that this is worth.</summary>
    private const double InitialRate = 0.02;
    private const double InitialRewards = 0.5;

    /// <summary>Rewards that the level over all time is worth when a memory finds its own.</summary>
    private const double LevelRewards = 30;

    private const int Rounds = 6;
    private const int MemoryRounds = 4;
    private const int Climbs = 4;
    private const int CompanyRounds = 2;
    private const int LevelRounds = 10;

    public SegmentFit Fit(LearnerInput input)
    {
        var evidence = input.Counts.Evidence ?? SegmentEvidence.From(input.Counts);
        var posterior = Posterior.Of(input, evidence);
        var draws = ArrayPool<ulong>.Shared.Rent(SegmentPolicy.Entries);
        var from = 0;
        foreach (var (memory, at) in posterior.Memories.Select((memory, at) => (memory, at)))
        {
            var to = at == posterior.Memories.Count - 1 ? SegmentPolicy.Entries : Math.Min(SegmentPolicy.Entries, from + (int)Math.Round(memory.Weight * SegmentPolicy.Entries));
            Draw(draws, from, to, memory, posterior.Pairs, input);
            from = to;
        }
        var policy = new SegmentPolicy(
            input.PolicyVersion, [.. input.Slots.Select(modules => modules.Length)], draws.AsSpan(0, SegmentPolicy.Entries), input.Control, input.MinPropensity);
        ArrayPool<ulong>.Shared.Return(draws);
        return new SegmentFit(policy, input.Explain ? Estimate(posterior, policy, input) : []) { Summary = posterior.Summarise() };
    }

    private static void Draw(ulong[] draws, int from, int to, Memory memory, PairEffects? pairs, LearnerInput input)
    {
        if (from >= to)
            return;
        var slots = input.Slots.Length;
        Span<float> best = stackalloc float[to - from];
        var winners = new int[slots][];
        for (var slot = 0; slot < slots; slot++)
        {
            winners[slot] = new int[to - from];
            var (means, sds) = Explored(memory.Slots[slot], slots);
            Drawing.Best(means, sds, input.Slots[slot].AsSpan(), input.Seed, from, best, winners[slot]);
        }
        if (pairs is not null)
            Climb(winners, from, memory, pairs, input);
        if (slots == 1)
        {
            for (var entry = from; entry < to; entry++)
                draws[entry] = (uint)winners[0][entry - from];
            return;
        }
        for (var entry = from; entry < to; entry++)
        {
            ulong combination = 0;
            for (var slot = 0; slot < slots; slot++)
                combination = Combination.With(combination, slot, winners[slot][entry - from]);
            draws[entry] = combination;
        }
    }

    /// <summary>From the best of each slot on its own to the best together: one slot at a time, until none would change.</summary>
    private static void Climb(int[][] winners, int from, Memory memory, PairEffects pairs, LearnerInput input)
    {
        var slots = winners.Length;
        var narrow = Math.Sqrt(1 / JointNarrowing);
        var (offsets, sds, means) = PairNumbers(pairs, input, narrow);
        var mains = memory.Slots.Select(slot => Explored(slot, slots)).ToArray();
        var current = new int[slots];
        for (var entry = 0; entry < winners[0].Length; entry++)
        {
            for (var slot = 0; slot < slots; slot++)
                current[slot] = winners[slot][entry];
            for (var (climb, moved) = (0, true); moved && climb < Climbs; climb++)
            {
                moved = false;
                for (var slot = 0; slot < slots; slot++)
                {
                    var (winner, top) = (0, float.NegativeInfinity);
                    for (var module = 0; module < mains[slot].Means.Length; module++)
                    {
                        var drawn = mains[slot].Means[module] + mains[slot].Sds[module] * Drawing.Number(Drawing.OffsetOf(input.Slots[slot][module], input.Seed), from + entry);
                        for (var other = 0; other < slots; other++)
                        {
                            if (other == slot)
                                continue;
                            var at = slot < other ? pairs.At(slot, module, other, current[other]) : pairs.At(other, current[other], slot, module);
                            drawn += means[at] + sds[at] * Drawing.Number(offsets[at], from + entry);
                        }
                        if (drawn > top)
                            (winner, top) = (module, drawn);
                    }
                    moved |= winner != current[slot];
                    current[slot] = winner;
                }
            }
            for (var slot = 0; slot < slots; slot++)
                winners[slot][entry] = current[slot];
        }
    }

    private static (int[] Offsets, float[] Sds, float[] Means) PairNumbers(PairEffects pairs, LearnerInput input, double narrow)
    {
        var offsets = new int[pairs.Means.Length];
        for (var first = 0; first < input.Slots.Length; first++)
        {
            for (var second = first + 1; second < input.Slots.Length; second++)
            {
                for (var i = 0; i < input.Slots[first].Length; i++)
                {
                    for (var j = 0; j < input.Slots[second].Length; j++)
                        offsets[pairs.At(first, i, second, j)] = Drawing.OffsetOf(Mixing.Spread(input.Slots[first][i]) ^ input.Slots[second][j], input.Seed);
                }
            }
        }
        return (offsets, Array.ConvertAll(pairs.Variances, variance => (float)(Math.Sqrt(variance) * narrow)), Array.ConvertAll(pairs.Means, mean => (float)mean));
    }

    private static (float[] Means, float[] Sds) Explored(SlotBelief slot, int slots) =>
        slots == 1 ? Normals(slot, Optimism, Narrowing) : Normals(slot, 0, JointNarrowing);

    private static (float[] Means, float[] Sds) Normals(SlotBelief slot, double optimism, double narrowing)
    {
        var (means, sds) = (new float[slot.Means.Length], new float[slot.Means.Length]);
        for (var i = 0; i < means.Length; i++)
        {
            var sd = Math.Sqrt(slot.Variances[i]);
            (means[i], sds[i]) = ((float)(slot.Means[i] + optimism * sd), (float)(sd / Math.Sqrt(narrowing)));
        }
        return (means, sds);
    }

    private static ImmutableArray<ImmutableArray<ModuleEstimate>> Estimate(Posterior posterior, SegmentPolicy policy, LearnerInput input) =>
        [.. input.Slots.Select((modules, slot) => EstimateSlot(posterior, slot, policy.SharesOf(slot), input))];

    private static ImmutableArray<ModuleEstimate> EstimateSlot(Posterior posterior, int slot, double[] shares, LearnerInput input)
    {
        var best = ChancesOfBest(posterior, slot, input);
        var estimates = ImmutableArray.CreateBuilder<ModuleEstimate>(shares.Length);
        for (var module = 0; module < shares.Length; module++)
        {
            var (mean, square, levels) = (0.0, 0.0, 0.0);
            foreach (var memory in posterior.Memories)
            {
                var belief = memory.Slots[slot];
                var log = belief.Level + belief.Means[module];
                mean += memory.Weight * log;
                square += memory.Weight * (log * log + belief.Variances[module]);
                levels += memory.Weight / (belief.Counted.Sum() + InitialRewards);
            }
            var variance = Math.Max(0, square - mean * mean);
            var rate = Math.Min(posterior.Unit * Math.Exp(mean), 1 - 1e-9);
            var odds = 1 / (1 - rate);
            estimates.Add(new ModuleEstimate(
                rate, Math.Log(rate * odds), Math.Sqrt(variance) * odds, Math.Sqrt(variance + levels) * odds, shares[module], best[module]));
        }
        return estimates.MoveToImmutable();
    }

    private static double[] ChancesOfBest(Posterior posterior, int slot, LearnerInput input)
    {
        var chances = new double[input.Slots[slot].Length];
        var (drawn, winners) = (new float[SegmentPolicy.Entries], new int[SegmentPolicy.Entries]);
        foreach (var memory in posterior.Memories)
        {
            var (means, sds) = Normals(memory.Slots[slot], 0, 1);
            Drawing.Best(means, sds, input.Slots[slot].AsSpan(), input.Seed, 0, drawn, winners);
            foreach (var winner in winners)
                chances[winner] += memory.Weight / winners.Length;
        }
        return chances;
    }

    /// <summary>What is believed of a segment under each memory.</summary>
    private sealed record Posterior(List<Memory> Memories, PairEffects? Pairs, double Unit)
    {
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
            var first = new SlotBelief[slots];
            for (var slot = 0; slot < slots; slot++)
                first[slot] = FitAll(exposure, slot, priors[slot], start);
            for (var round = 0; slots > 1 && round < CompanyRounds; round++)
            {
                exposure.Accompany(first);
                for (var slot = 0; slot < slots; slot++)
                    first[slot] = FitAll(exposure, slot, priors[slot], start);
            }
            for (var round = 0; round < LevelRounds && SharedLevel.Absorb(exposure, first[0]); round++)
            {
                for (var slot = 0; slot < slots; slot++)
                    first[slot] = FitAll(exposure, slot, priors[slot], start);
            }
            for (var slot = 0; slot < slots; slot++)
            {
                priors[slot] = PriorBuilder.Refine(modules[slot], priors[slot], first[slot], exposure, isPooled);
                first[slot] = FitAll(exposure, slot, priors[slot], start);
            }
            var pairs = evidence.Pairs.IsEmpty ? null : new PairEffects(exposure, first, input.Widths);
            var memories = Forgetting.Remember(exposure, first, priors);
            foreach (var memory in memories)
            {
                for (var slot = 0; slot < slots; slot++)
                    memory.Slots[slot] = FitMemory(memory, slot, priors[slot], first);
            }
            return new Posterior(memories, pairs, unit);
        }

        /// <summary>The effects that fit the evidence best, with what they rest on, over all memories.</summary>
        public SegmentSummary Summarise()
        {
            var slots = Memories[0].Slots.Length;
            var (effects, precisions) = (ImmutableArray.CreateBuilder<ImmutableArray<double>>(slots), ImmutableArray.CreateBuilder<ImmutableArray<double>>(slots));
            var (level, rewards) = (0.0, 0.0);
            foreach (var memory in Memories)
                (level, rewards) = (level + memory.Weight * memory.Slots[0].Level, rewards + memory.Weight * memory.Slots[0].Counted.Sum());
            for (var slot = 0; slot < slots; slot++)
            {
                var (fitting, precision) = (new double[Memories[0].Slots[slot].Means.Length], new double[Memories[0].Slots[slot].Means.Length]);
                foreach (var memory in Memories)
                {
                    var belief = memory.Slots[slot];
                    for (var i = 0; i < fitting.Length; i++)
                    {
                        fitting[i] += memory.Weight * (belief.Expected[i] * belief.Means[i] + belief.Counted[i] - belief.Expected[i]);
                        precision[i] += memory.Weight * belief.Expected[i];
                    }
                }
                for (var i = 0; i < fitting.Length; i++)
                    fitting[i] = precision[i] > 0 ? fitting[i] / precision[i] : 0;
                effects.Add([.. fitting]);
                precisions.Add([.. precision]);
            }
            return new SegmentSummary(level, rewards, effects.MoveToImmutable(), precisions.MoveToImmutable());
        }

        private static SlotBelief FitAll(Exposure exposure, int slot, EffectPrior[] priors, double start)
        {
            var (exposures, rewards) = exposure.Sum(slot);
            return SlotBelief.Fit(exposures, rewards, priors, start, InitialRewards, Rounds);
        }

        private static SlotBelief FitMemory(Memory memory, int slot, EffectPrior[] priors, SlotBelief[] first)
        {
            return SlotBelief.Fit(memory.Exposures[slot], memory.Rewards[slot], priors, first[slot].Level, LevelRewards, MemoryRounds);
        }
    }
}
