using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using Flywheel.Abstractions.Partitions;
using Flywheel.Decisions;
using Flywheel.Grains.Replicas;
using Flywheel.Silo.Api.Exports;

namespace Flywheel.Silo.Api.Log;

/// <summary>Sampled decisions of a campaign as rows, a partition's at a time: that many are in memory at once.</summary>
internal static class DecisionLog
{
    public static IReadOnlyList<Column<LogRow>> Columns { get; } =
    [
        new TextColumn<LogRow>("context", row => row.Context),
        new TextColumn<LogRow>("action", row => row.Action),
        new NumberColumn<LogRow>("propensity", "probability", row => row.Propensity),
        new AmountColumn<LogRow>("reward", row => row.RewardMicros),
        new TimeColumn<LogRow>("time", row => row.DecidedAtMs),
        new TextColumn<LogRow>("decision", row => row.Decision),
        new TextColumn<LogRow>("channel", row => row.Channel),
    ];

    /// <summary>Those of segments that the campaign no longer has are passed over.</summary>
    /// <param name="segment">This segment alone; null for all.</param>
    public static async IAsyncEnumerable<IEnumerable<LogRow>> ReadAsync(
        ReplicatedCampaign campaign, string? segment, IGrainFactory grains, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var modules = campaign.Layout.Slots.SelectMany(slot => slot.Modules).DistinctBy(module => module.Key).ToFrozenDictionary(module => module.Key, module => module.Id);
        var partitions = campaign.Segments.Where(each => segment is null || each.Id.Segment == segment).Select(each => each.Partition).Distinct().Order()
            .Select(partition => grains.GetGrain<IPartitionGrain>(partition)).ToList();
        // Segments with more traffic are thinned more. Thinned alike, the rows are a uniform sample of the campaign.
        var thresholds = await Task.WhenAll(partitions.Select(partition => partition.SampleThresholdAsync(cancellationToken)));
        foreach (var partition in partitions)
        {
            var sample = await partition.SampleAsync(campaign.Published.Id, campaign.Published.Incarnation, segment, thresholds.Min(), cancellationToken);
            yield return sample.Decisions.Where(decision => campaign.Segment(decision.Segment) is not null).Select(decision => RowOf(decision, modules));
        }
    }

    /// <summary>A key says nothing of the version it was made of, so one that is no longer in force stands for itself.</summary>
    private static LogRow RowOf(SampledDecision decision, FrozenDictionary<ulong, string> modules) => new(
        decision.Segment,
        string.Join('|', decision.Modules.Select(key => modules.GetValueOrDefault(key) ?? $"#{key:x16}")),
        decision.Propensity,
        decision.RewardMicros,
        decision.DecidedAtMs,
        decision.Group == Group.Control ? "control" : "learned",
        decision.Channel);
}
