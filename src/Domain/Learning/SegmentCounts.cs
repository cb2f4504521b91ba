using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Flywheel.Decisions;
using Flywheel.Domain.Learning.Checkpoints;
using Flywheel.Domain.Learning.Evidence;

namespace Flywheel.Domain.Learning;

/// <summary>
/// The absolute counts of a segment: the sufficient statistic of its policy and all that its scores are made of.
/// </summary>
/// <param name="Version">Rises with every commit that changed the segment; a reader keeps the highest it has seen.</param>
public sealed record SegmentCounts(long Version, SignalLedger Ledger, ImmutableArray<ChannelTally> Channels)
{
    public static readonly SegmentCounts None = new(0, default, []);

    /// <summary>How decisions fell into the control group.</summary>
    public Assignment Assignment { get; init; }

    /// <summary>What the policy is fitted to; null where only the counts are known.</summary>
    public SegmentEvidence? Evidence { get; init; }

    /// <summary>What was counted and the policy is not fitted to; null where nothing was ever rolled back.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LeftOut? LeftOut { get; init; }

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

    /// <summary>The groups that a policy is learnt from: served by the learned policy or by the control group.</summary>
    public GroupTally Randomised => Sum(TallySource.Learned) + Sum(TallySource.Control);

    /// <summary>Those groups less what was rolled back.</summary>
    [JsonIgnore]
    public GroupTally Learnt => LeftOut is { } leftOut && Randomised is var all
        ? all with { Impressions = all.Impressions - leftOut.Impressions, RewardMicros = all.RewardMicros - leftOut.RewardMicros }
        : Randomised;

    private IEnumerable<ChannelTally> Of(string? channel) =>
        channel is null ? Channels : Channels.Where(counts => counts.Channel == channel);
}
