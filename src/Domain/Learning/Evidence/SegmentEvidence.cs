using System.Collections.Immutable;
using Flywheel.Decisions;

namespace Flywheel.Domain.Learning.Evidence;

/// <summary>
/// The sufficient statistic that a segment's policy is fitted to: what its randomised decisions led to, by module in buckets of
/// time, by pair of modules, and how long rewards took.
/// </summary>
/// <param name="AsOfMs">Unix time in milliseconds at which the newest signal was accepted: the learner's only clock.</param>
/// <param name="Modules">Keys of the modules seen, see <see cref="Campaigns.PublishedCampaign.ModuleKey"/>.</param>
/// <param name="Buckets">In order of time.</param>
/// <param name="Pairs">Over all time; empty where there are more than <see cref="EvidenceTable.MaxPairs"/>.</param>
/// <param name="Delays">Rewards by how long they took, in the bins of <see cref="DelayBins"/>.</param>
public sealed record SegmentEvidence(
    long AsOfMs,
    ImmutableArray<ulong> Modules,
    ImmutableArray<EvidenceBucket> Buckets,
    ImmutableArray<PairTally> Pairs,
    ImmutableArray<long> Delays)
{
    /// <summary>True where there were more pairs than are kept, for good.</summary>
    public bool TooManyPairs { get; init; }

    public static readonly SegmentEvidence None = new(0, [], [], [], []);

    /// <summary>Evidence without a time, from counts alone: one bucket.</summary>
    public static SegmentEvidence From(SegmentCounts counts)
    {
        var modules = counts.SumModules().Where(tally => tally.Key.Source != TallySource.Observed && tally.Key.Module != ModuleTally.Retired).ToList();
        if (modules.Count == 0)
            return None;
        var keys = modules.Select(tally => tally.Key.Module).Distinct().Order().ToImmutableArray();
        var total = counts.Sum(TallySource.Learned) + counts.Sum(TallySource.Control);
        var units = total.RewardMicros / (double)Campaigns.Rewards.Micro;
        var bucket = new EvidenceBucket(0, 0, total.Impressions, total.RewardMicros, units, (long)units, Sum(tally => tally.Impressions), Sum(tally => tally.RewardMicros));
        return new SegmentEvidence(0, keys, [bucket], [], []);

        ImmutableArray<long> Sum(Func<(long Impressions, long RewardMicros), long> of) =>
            [.. keys.Select(key => modules.Where(tally => tally.Key.Module == key).Aggregate(0L, (sum, tally) => Saturating.Add(sum, of(tally.Value))))];
    }
}
