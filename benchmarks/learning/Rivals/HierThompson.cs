using Flywheel.Benchmarks.Learning.Audience;
using Flywheel.Benchmarks.Learning.Evidence;

namespace Flywheel.Benchmarks.Learning.Rivals;

/// <summary>
/// Thompson sampling whose Beta prior is centred on the segment's own running rate, as wide as headlines differ within a test
/// of the Upworthy archive, with a posterior narrowed fourfold: all counts, the prior's included, weigh four.
/// </summary>
internal sealed class HierThompson(EvidenceStore evidence, RandomStream random) : ArmRival(evidence, random)
{
    private const double VariationAmongArms = 0.25;
    private const double Narrowing = 4;

    protected override void Index(ReadOnlySpan<double> impressions, ReadOnlySpan<double> rewards, Span<double> indices)
    {
        var (shown, earned) = (0.0, 0.0);
        for (var arm = 0; arm < indices.Length; arm++)
            (shown, earned) = (shown + impressions[arm], earned + rewards[arm]);
        var rate = (earned + 1) / (shown + 2);
        // A Beta of mean m and weight w has variance m (1 − m) ÷ (w + 1); the bound serves rates near 1.
        var weight = Math.Max(2, (1 - rate) / (rate * VariationAmongArms * VariationAmongArms) - 1);
        for (var arm = 0; arm < indices.Length; arm++)
        {
            // A late reward counts in full where its impression is discounted, so failures may seem fewer than none.
            var failures = Math.Max(0, impressions[arm] - rewards[arm]);
            indices[arm] = Random.Beta(Narrowing * (weight * rate + rewards[arm]), Narrowing * (weight * (1 - rate) + failures));
        }
    }
}
