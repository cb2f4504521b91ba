using Flywheel.Benchmarks.Learning.Audience;
using Flywheel.Benchmarks.Learning.Evidence;

namespace Flywheel.Benchmarks.Learning.Rivals;

/// <summary>Gives every arm of a slot an index and shows the highest, slot by slot, as if the other slots did not exist.</summary>
internal abstract class ArmRival(EvidenceStore evidence, RandomStream random) : IRival
{
    private readonly double[] _indices = new double[evidence.Layout.Arms];
    private readonly int[] _chosen = new int[evidence.Layout.Slots.Length];

    protected RandomStream Random { get; } = random;

    public int Choose(int impression, int segment)
    {
        var impressions = evidence.Impressions(segment);
        var rewards = evidence.Rewards(segment);
        var first = 0;
        for (var slot = 0; slot < _chosen.Length; slot++)
        {
            var arms = evidence.Layout.Slots[slot];
            var indices = _indices.AsSpan(first, arms);
            Index(impressions.Slice(first, arms), rewards.Slice(first, arms), indices);
            _chosen[slot] = first + Highest(indices);
            first += arms;
        }
        var combination = evidence.Layout.CombinationOf(_chosen);
        evidence.AddImpression(impression, segment, combination);
        return combination;
    }

    public void Reward(int impression, int segment, int combination) => evidence.AddReward(impression, segment, combination);

    /// <summary>Writes the indices of a slot's arms from what each has shown and earned.</summary>
    protected abstract void Index(ReadOnlySpan<double> impressions, ReadOnlySpan<double> rewards, Span<double> indices);

    /// <summary>Ties, as between arms without a reward, are broken evenly.</summary>
    private int Highest(ReadOnlySpan<double> indices)
    {
        var (best, ties) = (0, 1);
        for (var arm = 1; arm < indices.Length; arm++)
        {
            if (indices[arm] > indices[best])
                (best, ties) = (arm, 1);
            else if (indices[arm] == indices[best] && Random.Below(++ties) == 0)
                best = arm;
        }
        return best;
    }
}
