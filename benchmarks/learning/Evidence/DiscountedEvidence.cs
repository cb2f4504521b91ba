using Flywheel.Benchmarks.Learning.Audience;

namespace Flywheel.Benchmarks.Learning.Evidence;

/// <summary>Every impression of a segment makes what came before in it weigh 1 − 1/<paramref name="memory"/> as much (Raj and Kalyani 2017, arXiv:1707.09727).</summary>
internal sealed class DiscountedEvidence(Layout layout, int segments, int memory) : EvidenceStore(layout, segments)
{
    private readonly double _factor = 1 - 1.0 / memory;

    public override void AddImpression(int impression, int segment, int combination)
    {
        Scale(segment, _factor);
        Count(segment, combination, 1, 0);
    }

    public override void AddReward(int impression, int segment, int combination) => Count(segment, combination, 0, 1);
}
