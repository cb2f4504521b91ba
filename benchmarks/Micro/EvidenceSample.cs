using System.Collections.Immutable;
using Flywheel.Decisions;
using Flywheel.Domain.Learning;
using Flywheel.Domain.Learning.Evidence;

namespace Flywheel.Benchmarks.Micro;

/// <summary>A segment of 3 slots × 8 modules after 50,000 impressions, of which every seventieth was clicked.</summary>
internal static class EvidenceSample
{
    private const int Slots = 3;
    private const int Modules = 8;
    private const int Impressions = 50_000;
    private const int ClickEvery = 70;

    public static readonly LearnerInput Input = new(
        [.. Enumerable.Range(0, Slots).Select(slot => Enumerable.Range(0, Modules).Select(module => Key(slot, module)).ToImmutableArray())],
        new SegmentCounts(1, default, []) { Evidence = Served() }, 1, 0.05, 0, 1_000_000, 7);

    private static SegmentEvidence Served()
    {
        var table = new EvidenceTable();
        for (var i = 0; i < Impressions; i++)
        {
            var bits = Mixing.Spread((ulong)i);
            ulong[] served = [.. Enumerable.Range(0, Slots).Select(slot => Key(slot, (int)(bits >> (8 * slot)) & (Modules - 1)))];
            table.Add(served, 1, i % ClickEvery == 0 ? 1_000_000 : 0, i * 5, i * 5);
        }
        return table.ToEvidence();
    }

    private static ulong Key(int slot, int module) => Mixing.Of($"{slot}/{module}");
}
