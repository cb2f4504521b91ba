using Flywheel.Benchmarks.Learning.Audience;

namespace Flywheel.Benchmarks.Learning.Evidence;

/// <summary>Remembers the last <paramref name="memory"/> impressions of all segments, and a late reward only while its impression is among them (Trovò et al., JAIR 2020).</summary>
internal sealed class WindowedEvidence(Layout layout, int segments, int memory) : EvidenceStore(layout, segments)
{
    private readonly (int Segment, int Combination, int Rewards)[] _ring = new (int, int, int)[memory];
    private int _next;

    public override void AddImpression(int impression, int segment, int combination)
    {
        ref var oldest = ref _ring[impression % memory];
        if (impression >= memory)
            Count(oldest.Segment, oldest.Combination, -1, -oldest.Rewards);
        oldest = (segment, combination, 0);
        _next = impression + 1;
        Count(segment, combination, 1, 0);
    }

    public override void AddReward(int impression, int segment, int combination)
    {
        if (impression < _next - memory)
            return;
        _ring[impression % memory].Rewards++;
        Count(segment, combination, 0, 1);
    }
}
