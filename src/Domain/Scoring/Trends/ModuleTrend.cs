using System.Collections.Immutable;
using Flywheel.Decisions;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Learning.Evidence;

namespace Flywheel.Domain.Scoring.Trends;

/// <summary>
/// A module through time: the stretches that a segment's evidence is kept in, finest at the present. What its decisions led to in each is
/// exact; how they divide a stretch is not kept.
/// </summary>
public static class ModuleTrend
{
    /// <param name="module">See <see cref="PublishedCampaign.ModuleKey"/>.</param>
    /// <param name="fromMs">Stretches that end before are left out.</param>
    /// <param name="toMs">So are those that begin after.</param>
    /// <param name="most">Points at most; where there are more stretches, neighbours are joined. At least 1.</param>
    public static ImmutableArray<TrendPoint> Of(SegmentEvidence evidence, ulong module, long fromMs, long toMs, int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        var place = evidence.Modules.IndexOf(module);
        var buckets = evidence.Buckets.RemoveAll(bucket => bucket.EndMs < fromMs || bucket.StartMs > toMs);
        if (place < 0 || buckets.IsEmpty)
            return [];
        var unit = UnitOf(evidence.Buckets);
        var points = ImmutableArray.CreateBuilder<TrendPoint>();
        var (many, next) = (Math.Min(most, buckets.Length), 0);
        for (var i = 0; i < many; i++)
        {
            var until = (i + 1) * buckets.Length / many;
            points.Add(Join(buckets.AsSpan()[next..until], place, unit));
            next = until;
        }
        return points.ToImmutable();
    }

    private static TrendPoint Join(ReadOnlySpan<EvidenceBucket> buckets, int place, double unit)
    {
        var (impressions, reward, start, end) = (0L, 0L, buckets[0].StartMs, buckets[0].EndMs);
        foreach (var bucket in buckets)
        {
            impressions = Saturating.Add(impressions, ValueAt(bucket.ModuleImpressions, place));
            reward = Saturating.Add(reward, ValueAt(bucket.ModuleRewardMicros, place));
            (start, end) = (Math.Min(start, bucket.StartMs), Math.Max(end, bucket.EndMs));
        }
        return new TrendPoint(start, end, impressions, reward, impressions == 0 ? null : PoissonRate.Of(impressions, reward / (double)Rewards.Micro, unit));
    }

    /// <summary>What a reward is worth in one piece, Σr² ÷ Σr (Kish 1965); 1 where there is none.</summary>
    private static double UnitOf(ImmutableArray<EvidenceBucket> buckets)
    {
        var reward = buckets.Sum(bucket => bucket.RewardMicros / (double)Rewards.Micro);
        var squares = buckets.Sum(bucket => bucket.SquaredReward);
        return reward > 0 && squares > 0 ? squares / reward : 1;
    }

    private static long ValueAt(ImmutableArray<long> values, int place) => place < values.Length ? values[place] : 0;
}
