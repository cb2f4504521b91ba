using Flywheel.Benchmarks.Learning.Audience;
using Flywheel.Benchmarks.Learning.Evidence;

namespace Flywheel.Benchmarks.Learning.Rivals;

/// <summary>The arm with the highest rate so far; in one of ten impressions, for each slot by itself, any arm (Sutton and Barto, 2018, section 2.2).</summary>
internal sealed class EpsilonGreedy(EvidenceStore evidence, RandomStream random) : ArmRival(evidence, random)
{
    private const double Exploration = 0.1;

    protected override void Index(ReadOnlySpan<double> impressions, ReadOnlySpan<double> rewards, Span<double> indices)
    {
        if (Random.Unit() < Exploration)
        {
            indices.Clear();
            return;
        }
        for (var arm = 0; arm < indices.Length; arm++)
            indices[arm] = rewards[arm] / Math.Max(1, impressions[arm]);
    }
}
