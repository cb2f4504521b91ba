using System.Buffers;
using System.Collections.Immutable;
using Flywheel.Decisions;

namespace Flywheel.Domain.Learning.Effects;

/// <summary>
/// A table drawn slot by slot: where there is one, and where there are too many combinations to look at each. An entry draws the
/// best of each slot, and climbs from there to the best together (Hill et al., KDD 2017).
/// </summary>
internal static class SlotDraws
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

    private const int Climbs = 4;

    /// <summary>The best combination of each entry of the table.</summary>
    public static void Draw(Span<ulong> draws, Posterior posterior, LearnerInput input)
    {
        var slots = input.Slots.Length;
        Span<float> best = stackalloc float[SegmentPolicy.Entries];
        var winners = new int[slots][];
        for (var slot = 0; slot < slots; slot++)
        {
            winners[slot] = ArrayPool<int>.Shared.Rent(SegmentPolicy.Entries);
            var (means, sds) = Explored(posterior.Slots[slot], slots);
            Drawing.Best(means, sds, input.Slots[slot].AsSpan(), input.Seed, best, winners[slot].AsSpan(0, SegmentPolicy.Entries));
        }
        if (posterior.Pairs is not null)
            Climb(winners, posterior.Slots, posterior.Pairs, input);
        Combine(winners, draws);
        foreach (var slot in winners)
            ArrayPool<int>.Shared.Return(slot);
    }

    private static void Combine(int[][] winners, Span<ulong> draws)
    {
        for (var entry = 0; entry < SegmentPolicy.Entries; entry++)
        {
            ulong combination = 0;
            for (var slot = 0; slot < winners.Length; slot++)
                combination = Combination.With(combination, slot, winners[slot][entry]);
            draws[entry] = combination;
        }
    }

    /// <summary>From the best of each slot on its own to the best together: one slot at a time, until none would change.</summary>
    private static void Climb(int[][] winners, SlotBelief[] beliefs, PairEffects pairs, LearnerInput input)
    {
        var slots = winners.Length;
        var narrow = Math.Sqrt(1 / JointNarrowing);
        var (offsets, sds, means) = PairNumbers(pairs, input, narrow);
        var mains = beliefs.Select(slot => Explored(slot, slots)).ToArray();
        var current = new int[slots];
        for (var entry = 0; entry < SegmentPolicy.Entries; entry++)
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
                        var drawn = mains[slot].Means[module] + mains[slot].Sds[module] * Drawing.Number(Drawing.OffsetOf(input.Slots[slot][module], input.Seed), entry);
                        for (var other = 0; other < slots; other++)
                        {
                            if (other == slot)
                                continue;
                            var at = slot < other ? pairs.At(slot, module, other, current[other]) : pairs.At(other, current[other], slot, module);
                            drawn += means[at] + sds[at] * Drawing.Number(offsets[at], entry);
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
                        offsets[pairs.At(first, i, second, j)] = Drawing.OffsetOfPair(input.Slots[first][i], input.Slots[second][j], input.Seed);
                }
            }
        }
        return (offsets, Array.ConvertAll(pairs.Variances, variance => (float)(Math.Sqrt(variance) * narrow)), Array.ConvertAll(pairs.Means, mean => (float)mean));
    }

    private static (float[] Means, float[] Sds) Explored(SlotBelief slot, int slots) =>
        slots == 1 ? Normals(slot, Optimism, Narrowing) : Normals(slot, 0, JointNarrowing);

    /// <summary>The chance that each module is the best of its slot; not narrowed.</summary>
    public static double[] ChancesOfBest(SlotBelief belief, ImmutableArray<ulong> modules, ulong seed)
    {
        var chances = new double[modules.Length];
        Span<float> drawn = stackalloc float[SegmentPolicy.Entries];
        Span<int> winners = stackalloc int[SegmentPolicy.Entries];
        var (means, sds) = Normals(belief, 0, 1);
        Drawing.Best(means, sds, modules.AsSpan(), seed, drawn, winners);
        foreach (var winner in winners)
            chances[winner] += 1.0 / winners.Length;
        return chances;
    }

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
}
