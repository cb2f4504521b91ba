
namespace Flywheel.Domain.Learning.Effects;

/// <summary>
/// What two modules do together beyond each alone: a normal effect on the log of the rate for each pair, shrunken by a width that
/// the campaign's own pairs teach.
/// </summary>
/// <remarks>
/// Pairwise interactions of slots, as in the multivariate bandit of Hill, Nassif, Liu, Iyer and Vishwanathan (KDD 2017). Given
/// the effects of the modules, each pair's evidence is about its own effect alone, so that a pair costs a few operations.
/// </remarks>
internal sealed class PairEffects
{
    /// <summary>Pairs that the archive's width is worth when the campaign's own speak.</summary>
    private const double WidthStrength = 30;

    private readonly int[] _offsets;
    private readonly int _slots;

    public PairEffects(Exposure exposure, SlotBelief[] slots, EffectWidths widths)
    {
        _slots = slots.Length;
        _offsets = new int[_slots * _slots];
        var cells = 0;
        for (var first = 0; first < _slots; first++)
        {
            for (var second = first + 1; second < _slots; second++)
            {
                _offsets[first * _slots + second] = cells;
                cells += slots[first].Means.Length * slots[second].Means.Length;
            }
        }
        (Means, Variances) = (new double[cells], new double[cells]);
        (Impressions, Sizes) = (new double[cells], [.. slots.Select(slot => slot.Means.Length)]);
        Fit(exposure, slots, widths);
    }

    /// <summary>Modules of each slot.</summary>
    public int[] Sizes { get; }

    /// <summary>Expected effect of each pair; see <see cref="At"/>.</summary>
    public double[] Means { get; }

    public double[] Variances { get; }

    /// <summary>Impressions of each pair.</summary>
    public double[] Impressions { get; }

    /// <summary>The place of a pair; <paramref name="slotA"/> is the earlier slot.</summary>
    public int At(int slotA, int moduleA, int slotB, int moduleB) => _offsets[slotA * _slots + slotB] + moduleA * Sizes[slotB] + moduleB;

    private void Fit(Exposure exposure, SlotBelief[] slots, EffectWidths widths)
    {
        var counted = new double[Means.Length];
        var slotOf = new Dictionary<int, (int Slot, int Module)>();
        for (var slot = 0; slot < _slots; slot++)
        {
            for (var i = 0; i < Sizes[slot]; i++)
            {
                if (exposure.Places[slot][i] >= 0)
                    slotOf[exposure.Places[slot][i]] = (slot, i);
            }
        }
        foreach (var pair in exposure.Evidence.Pairs)
        {
            if (!slotOf.TryGetValue(pair.First, out var a) || !slotOf.TryGetValue(pair.Second, out var b) || a.Slot == b.Slot)
                continue;
            var at = a.Slot < b.Slot ? At(a.Slot, a.Module, b.Slot, b.Module) : At(b.Slot, b.Module, a.Slot, a.Module);
            Impressions[at] += pair.Impressions;
            counted[at] += pair.RewardMicros / exposure.UnitMicros;
        }
        for (var first = 0; first < _slots; first++)
        {
            for (var second = first + 1; second < _slots; second++)
                FitSlots(slots, first, second, counted, widths.Pair * widths.Pair);
        }
    }

    private void FitSlots(SlotBelief[] slots, int first, int second, double[] counted, double prior)
    {
        var start = At(first, 0, second, 0);
        var pairs = Sizes[first] * Sizes[second];
        var expected = new double[pairs];
        var (total, rewards) = (0.0, 0.0);
        for (var i = 0; i < Sizes[first]; i++)
        {
            for (var j = 0; j < Sizes[second]; j++)
            {
                var at = i * Sizes[second] + j;
                expected[at] = Impressions[start + at] * Math.Exp(slots[first].Means[i] + slots[second].Means[j]);
                total += expected[at];
                rewards += counted[start + at];
            }
        }
        var variance = prior;
        for (var round = 0; round < 2; round++)
        {
            var sum = WidthStrength * prior;
            for (var at = 0; at < pairs; at++)
            {
                var mean = total > 0 ? expected[at] * rewards / total : 0;
                Variances[start + at] = 1 / (mean + 1 / variance);
                Means[start + at] = (counted[start + at] - mean) * Variances[start + at];
                sum += Means[start + at] * Means[start + at] + Variances[start + at];
            }
            variance = sum / (WidthStrength + pairs);
        }
    }
}
