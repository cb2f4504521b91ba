using System.Text.Json;
using Flywheel.Client;
using Flywheel.Grains.Replicas;
using Flywheel.Silo.Api.Messaging;
using Flywheel.Silo.Api.Scores;

namespace Flywheel.Silo.Api.Exports;

/// <summary>The scores of a campaign as rows, a segment's at a time: that many are in memory at once.</summary>
internal sealed class ScoreTable(ScoresWriter scores, TimeProvider time)
{
    public static IReadOnlyList<Column<ScoreRow>> Columns { get; } =
    [
        new TextColumn<ScoreRow>("campaign", row => row.Campaign),
        new TimeColumn<ScoreRow>("asOf", row => row.AsOfMs),
        new TextColumn<ScoreRow>("segment", row => row.Segment),
        new TextColumn<ScoreRow>("channel", row => row.Channel),
        new TextColumn<ScoreRow>("slot", row => row.Slot),
        new TextColumn<ScoreRow>("module", row => row.Module.Id),
        new IntegerColumn<ScoreRow>("version", "", row => row.Module.Version),
        new TextColumn<ScoreRow>("state", row => row.Module.State),
        new IntegerColumn<ScoreRow>("policyVersion", "", row => row.Totals.PolicyVersion),
        new IntegerColumn<ScoreRow>("decisions", "decisions", row => row.Totals.Decisions),
        new IntegerColumn<ScoreRow>("impressions", "impressions", row => row.Module.Impressions),
        new NumberColumn<ScoreRow>("reward", "sum of weights", row => row.Module.Reward),
        new IntegerColumn<ScoreRow>("observedImpressions", "impressions", row => row.Module.Observed?.Impressions, isNullable: true),
        new NumberColumn<ScoreRow>("observedReward", "sum of weights", row => row.Module.Observed?.Reward, isNullable: true),
        new NumberColumn<ScoreRow>("share", "share of decisions", row => row.Module.Share),
        new NumberColumn<ScoreRow>("probabilityBest", "probability", row => row.Module.ProbabilityBest),
        .. Interval("rate", "reward an impression", row => row.Module.Rate),
        .. Interval("resonance", "100 is the slot's average", row => row.Module.Resonance),
    ];

    /// <param name="segment">This segment alone; null for all.</param>
    /// <param name="byChannel">Adds rows for each segment's channels.</param>
    public async IAsyncEnumerable<IEnumerable<ScoreRow>> ReadAsync(ReplicatedCampaign campaign, string? segment, bool byChannel)
    {
        var asOfMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var each in campaign.Segments.Where(each => segment is null || each.Id.Segment == segment))
        {
            // The same document that the API answers: what is in it is in the rows.
            var document = MessagingWriter.ToJson(json => scores.WriteSegment(json, campaign, each, byChannel));
            var read = JsonSerializer.Deserialize<SegmentScores>(document, JsonSerializerOptions.Web)!;
            var channels = (read.Channels ?? []).Select(channel => (channel.Id, Totals: channel));
            yield return channels.Prepend((Id: "", Totals: read)).SelectMany(part => part.Totals.Slots.SelectMany(slot => slot.Modules.Select(module =>
                new ScoreRow(campaign.Published.LocalId, asOfMs, read.Id, part.Id, slot.Id, part.Totals, module))));
            // A campaign may have a thousand segments: others get their turn.
            await Task.Yield();
        }
    }

    private static IEnumerable<Column<ScoreRow>> Interval(string name, string unit, Func<ScoreRow, Estimate> read) =>
    [
        new NumberColumn<ScoreRow>($"{name}Mean", unit, row => read(row).Mean),
        new NumberColumn<ScoreRow>($"{name}Low", unit, row => read(row).Low),
        new NumberColumn<ScoreRow>($"{name}High", unit, row => read(row).High),
    ];
}
