using Flywheel.Benchmarks.Learning.Audience;
using Flywheel.Benchmarks.Learning.Evidence;

namespace Flywheel.Benchmarks.Learning.Rivals;

/// <summary>Thompson sampling with a Beta(1,1) prior for every arm (Thompson 1933; Chapelle and Li 2011).</summary>
internal sealed class BetaThompson(EvidenceStore evidence, RandomStream random) : ArmRival(evidence, random)
{
    protected override void Index(ReadOnlySpan<double> impressions, ReadOnlySpan<double> rewards, Span<double> indices)
    {
        for (var arm = 0; arm < indices.Length; arm++)
            indices[arm] = Random.Beta(1 + rewards[arm], 1 + impressions[arm] - rewards[arm]);
    }
}
