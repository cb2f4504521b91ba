using Flywheel.Benchmarks.Learning.Audience;
using Flywheel.Benchmarks.Learning.Evidence;

namespace Flywheel.Benchmarks.Learning.Rivals;

/// <summary>UCB1 (Auer, Cesa-Bianchi and Fischer, Machine Learning 2002): the mean and √(2 ln t ÷ n), every arm shown once first.</summary>
internal sealed class Ucb1(EvidenceStore evidence, RandomStream random) : ArmRival(evidence, random)
{
    protected override void Index(ReadOnlySpan<double> impressions, ReadOnlySpan<double> rewards, Span<double> indices)
    {
        var shown = 0.0;
        foreach (var count in impressions)
            shown += count;
        var confidence = 2 * Math.Log(Math.Max(1, shown));
        for (var arm = 0; arm < indices.Length; arm++)
            indices[arm] = impressions[arm] == 0 ? double.PositiveInfinity : rewards[arm] / impressions[arm] + Math.Sqrt(confidence / impressions[arm]);
    }
}
