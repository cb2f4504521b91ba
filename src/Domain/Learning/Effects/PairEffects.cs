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
    private readonly PairTable _table;

    public PairEffects(PairTable table, SlotFit[] slots, EffectWidths widths)
    {
        _table = table;
        (Means, Variances) = (new double[table.Count], new double[table.Count]);
        for (var first = 0; first < table.Slots; first++)
        {
            for (var second = first + 1; second < table.Slots; second++)
                FitSlots(slots, first, second, widths.Pair * widths.Pair);
        }
    }

    /// <summary>Expected effect of each pair; see <see cref="At"/>.</summary>
    public double[] Means { get; }

    public double[] Variances { get; }

    /// <summary>The place of a pair; <paramref name="slotA"/> is the earlier slot.</summary>
    public int At(int slotA, int moduleA, int slotB, int moduleB) => _table.At(slotA, moduleA, slotB, moduleB);

    private void FitSlots(SlotFit[] slots, int first, int second, double prior)
    {
        var start = At(first, 0, second, 0);
        var pairs = _table.SizeOf(first) * _table.SizeOf(second);
        var expected = new double[pairs];
        var (total, rewards) = (0.0, 0.0);
        for (var i = 0; i < _table.SizeOf(first); i++)
        {
            for (var j = 0; j < _table.SizeOf(second); j++)
            {
                var at = i * _table.SizeOf(second) + j;
                expected[at] = _table.Impressions[start + at] * Math.Exp(slots[first].Means[i] + slots[second].Means[j]);
                total += expected[at];
                rewards += _table.Rewards[start + at];
            }
        }
        var variance = prior;
        for (var round = 0; round < 2; round++)
        {
            var sum = JointEffects.WidthStrength * prior;
            for (var at = 0; at < pairs; at++)
            {
                var mean = total > 0 ? expected[at] * rewards / total : 0;
                Variances[start + at] = 1 / (mean + 1 / variance);
                Means[start + at] = (_table.Rewards[start + at] - mean) * Variances[start + at];
                sum += Means[start + at] * Means[start + at] + Variances[start + at];
            }
            variance = sum / (JointEffects.WidthStrength + pairs);
        }
    }
}
