using Flywheel.Benchmarks.Learning.Audience;

namespace Flywheel.Benchmarks.Learning.Evidence;

/// <summary>Remembers everything alike.</summary>
internal sealed class LastingEvidence(Layout layout, int segments) : EvidenceStore(layout, segments)
{
    public override void AddImpression(int impression, int segment, int combination) => Count(segment, combination, 1, 0);

    public override void AddReward(int impression, int segment, int combination) => Count(segment, combination, 0, 1);
}
