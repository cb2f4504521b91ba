using System.Collections.Immutable;
using Flywheel.Domain.Numerics;

namespace Flywheel.Domain.Learning;

/// <summary>
/// The absolute counts of a segment: the sufficient statistic of its policy and all that its scores are made of.
/// </summary>
/// <param name="Version">Rises with every commit that changed the segment; a reader keeps the highest it has seen.</param>
public sealed record SegmentCounts(long Version, SignalLedger Ledger, ImmutableArray<ChannelTally> Channels)
{
    public static readonly SegmentCounts None = new(0, default, []);

    /// <summary>Sums a module's tallies over channels.</summary>
    public Dictionary<(ulong Module, TallySource Source), (long Impressions, long RewardMicros)> SumModules(string? channel = null)
    {
        var sums = new Dictionary<(ulong, TallySource), (long Impressions, long RewardMicros)>();
        foreach (var tally in Of(channel).SelectMany(counts => counts.Modules))
        {
            var sum = sums.GetValueOrDefault((tally.Module, tally.Source));
            sums[(tally.Module, tally.Source)] = (Saturating.Add(sum.Impressions, tally.Impressions), Saturating.Add(sum.RewardMicros, tally.RewardMicros));
        }
        return sums;
    }

    /// <summary>Sums a group over channels.</summary>
    public GroupTally Sum(TallySource source, string? channel = null) =>
        Of(channel).Aggregate(default(GroupTally), (sum, counts) => sum + source switch
        {
            TallySource.Learned => counts.Learned,
            TallySource.Control => counts.Control,
            _ => counts.Observed,
        });

    /// <summary>True where the other counts hold the same impressions and rewards: they only ever rise, so equal sums are equal evidence.</summary>
    public bool HasEvidenceOf(SegmentCounts other) =>
        Sum(TallySource.Learned) with { Decisions = 0 } == other.Sum(TallySource.Learned) with { Decisions = 0 }
        && Sum(TallySource.Control) with { Decisions = 0 } == other.Sum(TallySource.Control) with { Decisions = 0 };

    private IEnumerable<ChannelTally> Of(string? channel) =>
        channel is null ? Channels : Channels.Where(counts => counts.Channel == channel);
}
