using System.Text.Json;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Experiments;
using Flywheel.Domain.Learning;
using Flywheel.Grains.Replicas;

namespace Flywheel.Silo.Api.Experiments;

/// <summary>Writes a campaign's experiment from this silo's replica: all segments together, then each.</summary>
internal static class ExperimentWriter
{
    /// <param name="segment">Beside all of them together, writes this segment alone; null for each.</param>
    public static void Write(Utf8JsonWriter json, ReplicatedCampaign campaign, string language, string? segment = null)
    {
        var segments = campaign.Segments.Select(segment => (segment.Id.Segment, Counts: segment.Served?.Counts ?? SegmentCounts.None)).ToList();
        json.WriteStartObject();
        json.WriteString("campaign"u8, campaign.Published.LocalId);
        if (campaign.Published.Campaign.Simulation)
            json.WriteBoolean("simulation"u8, true);
        json.WriteStartObject("overall"u8);
        WriteReading(json, ExperimentReading.Of([.. segments.Select(segment => segment.Counts)], campaign.Rules.CapMicros), language);
        json.WriteEndObject();
        json.WriteStartArray("segments"u8);
        foreach (var (id, counts) in segments.Where(each => segment is null || each.Segment == segment))
        {
            json.WriteStartObject();
            json.WriteString("id"u8, id);
            WriteReading(json, ExperimentReading.Of([counts], campaign.Rules.CapMicros), language);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static string NameOf(Verdict verdict) => verdict switch
    {
        Verdict.Winning => "winning",
        Verdict.Losing => "losing",
        Verdict.Unhealthy => "unhealthy",
        _ => "learning",
    };

    private static void WriteReading(Utf8JsonWriter json, ExperimentReading reading, string language)
    {
        WriteGroup(json, "learned"u8, reading.Learned);
        WriteGroup(json, "control"u8, reading.Control);
        if (reading.Lift is { } lift)
        {
            json.WriteStartObject("lift"u8);
            json.WriteNumber("mean"u8, Math.Round(lift.Mean, 6));
            json.WriteNumber("low"u8, Math.Round(lift.Low, 6));
            json.WriteNumber("high"u8, Math.Round(lift.High, 6));
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("lift"u8);
        }
        json.WriteStartObject("sampleRatio"u8);
        json.WriteNumber("pValue"u8, reading.Ratio.PValue);
        json.WriteBoolean("healthy"u8, reading.Ratio.Healthy);
        json.WriteEndObject();
        json.WriteString("verdict"u8, NameOf(reading.Verdict));
        json.WriteString("sentence"u8, reading.Sentence(language));
    }

    private static void WriteGroup(Utf8JsonWriter json, ReadOnlySpan<byte> name, GroupTally group)
    {
        json.WriteStartObject(name);
        json.WriteNumber("decisions"u8, group.Decisions);
        json.WriteNumber("impressions"u8, group.Impressions);
        json.WriteNumber("reward"u8, group.RewardMicros / (decimal)Rewards.Micro);
        json.WriteNumber("rate"u8, group.Impressions == 0 ? 0 : Math.Round(group.RewardMicros / (double)Rewards.Micro / group.Impressions, 8));
        json.WriteEndObject();
    }
}
