using System.Collections.Immutable;
using System.Text.Json;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Learning;
using Flywheel.Domain.Scoring;
using Flywheel.Grains.Replicas;

namespace Flywheel.Silo.Api.Scores;

/// <summary>Writes the scores of a campaign from this silo's replica: exact counts, and what is believed of each module.</summary>
internal sealed class ScoresWriter(ILearner learner, TimeProvider time)
{
    /// <param name="segment">Writes this segment alone; null for all.</param>
    /// <param name="byChannel">Adds each segment's channels.</param>
    public void Write(Utf8JsonWriter json, ReplicatedCampaign campaign, string? segment, bool byChannel)
    {
        json.WriteStartObject();
        json.WriteString("campaign"u8, campaign.Published.LocalId);
        json.WriteString("asOf"u8, time.GetUtcNow().UtcDateTime);
        if (campaign.Published.Campaign.Simulation)
            json.WriteBoolean("simulation"u8, true);
        WriteLedger(json, campaign.Segments.Aggregate(default(SignalLedger), (sum, each) => sum + CountsOf(each).Ledger));
        json.WriteStartArray("segments"u8);
        foreach (var each in campaign.Segments)
        {
            if (segment is null || each.Id.Segment == segment)
                WriteSegment(json, campaign, each, byChannel);
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>One segment of the document.</summary>
    public void WriteSegment(Utf8JsonWriter json, ReplicatedCampaign campaign, ReplicatedSegment segment, bool byChannel)
    {
        var served = segment.Served ?? campaign.Prior;
        json.WriteStartObject();
        WriteCounts(json, campaign, segment.Id.Segment, served.Fit.Policy.Version, served.Counts, served.Fit);
        if (byChannel)
        {
            json.WriteStartArray("channels"u8);
            foreach (var channel in served.Counts.Channels.Where(channel => channel.Channel.Length > 0))
                WriteChannel(json, campaign, segment, served, channel);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    /// <summary>A channel's own counts and beliefs; the share is the segment's, since one policy serves all its channels.</summary>
    private void WriteChannel(Utf8JsonWriter json, ReplicatedCampaign campaign, ReplicatedSegment segment, ServedSegment served, ChannelTally channel)
    {
        var counts = new SegmentCounts(served.Counts.Version, default, [channel]);
        var fit = served.OfChannel(channel.Channel, _ => learner.Fit(campaign.InputFor(counts, segment.Id.Segment)));
        var shared = fit.Modules.Select((modules, slot) => modules.Select((module, i) => module with { Share = served.Fit.Modules[slot][i].Share }).ToImmutableArray());
        json.WriteStartObject();
        WriteCounts(json, campaign, channel.Channel, served.Fit.Policy.Version, counts, fit with { Modules = [.. shared] });
        json.WriteEndObject();
    }

    private static void WriteCounts(Utf8JsonWriter json, ReplicatedCampaign campaign, string id, long policyVersion, SegmentCounts counts, SegmentFit fit)
    {
        var (learned, control, observed) = (counts.Sum(TallySource.Learned), counts.Sum(TallySource.Control), counts.Sum(TallySource.Observed));
        json.WriteString("id"u8, id);
        json.WriteNumber("policyVersion"u8, policyVersion);
        json.WriteNumber("decisions"u8, learned.Decisions + control.Decisions);
        json.WriteNumber("impressions"u8, learned.Impressions + control.Impressions);
        json.WriteNumber("reward"u8, Units(learned.RewardMicros + control.RewardMicros));
        WriteGroup(json, "learned"u8, learned);
        WriteGroup(json, "control"u8, control);
        if (observed != default)
            WriteObserved(json, observed.Impressions, observed.RewardMicros);
        var sums = counts.SumModules();
        json.WriteStartArray("slots"u8);
        for (var slot = 0; slot < campaign.Layout.Slots.Length; slot++)
        {
            json.WriteStartObject();
            json.WriteString("id"u8, campaign.Layout.Slots[slot].Id);
            json.WriteStartArray("modules"u8);
            var resonances = ResonanceScale.Resonances(fit.Modules[slot]);
            for (var i = 0; i < resonances.Length; i++)
                WriteModule(json, campaign.Layout.Slots[slot].Modules[i], sums, fit.Modules[slot][i], resonances[i], (double)Units(campaign.Rules.CapMicros));
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteModule(
        Utf8JsonWriter json,
        Domain.Decisions.ServedModule module,
        Dictionary<(ulong Module, TallySource Source), (long Impressions, long RewardMicros)> sums,
        ModuleEstimate estimate,
        Interval resonance,
        double cap)
    {
        var learned = sums.GetValueOrDefault((module.Key, TallySource.Learned));
        var control = sums.GetValueOrDefault((module.Key, TallySource.Control));
        json.WriteStartObject();
        json.WriteString("id"u8, module.Id);
        json.WriteNumber("version"u8, module.Version);
        json.WriteNumber("impressions"u8, learned.Impressions + control.Impressions);
        json.WriteNumber("reward"u8, Units(learned.RewardMicros + control.RewardMicros));
        if (sums.TryGetValue((module.Key, TallySource.Observed), out var observed))
            WriteObserved(json, observed.Impressions, observed.RewardMicros);
        json.WriteNumber("share"u8, Math.Round(estimate.Share, 6));
        json.WriteNumber("probabilityBest"u8, Math.Round(estimate.ProbabilityBest, 4));
        WriteInterval(json, "rate"u8, ResonanceScale.Rate(estimate, cap), 8);
        WriteInterval(json, "resonance"u8, resonance, 2);
        json.WriteString("state"u8, ResonanceScale.StateOf(resonance) switch { ModuleState.Rising => "rising"u8, ModuleState.Steady => "steady"u8, _ => "learning"u8 });
        json.WriteEndObject();
    }

    private static void WriteLedger(Utf8JsonWriter json, SignalLedger ledger)
    {
        json.WriteStartObject("ledger"u8);
        json.WriteNumber("accepted"u8, ledger.Accepted);
        json.WriteNumber("counted"u8, ledger.Counted);
        json.WriteNumber("duplicate"u8, ledger.Duplicate);
        json.WriteNumber("late"u8, ledger.Late);
        json.WriteNumber("quarantined"u8, ledger.Quarantined);
        json.WriteEndObject();
    }

    private static void WriteGroup(Utf8JsonWriter json, ReadOnlySpan<byte> name, GroupTally group)
    {
        json.WriteStartObject(name);
        json.WriteNumber("decisions"u8, group.Decisions);
        json.WriteNumber("impressions"u8, group.Impressions);
        json.WriteNumber("reward"u8, Units(group.RewardMicros));
        json.WriteEndObject();
    }

    private static void WriteObserved(Utf8JsonWriter json, long impressions, long rewardMicros)
    {
        json.WriteStartObject("observed"u8);
        json.WriteNumber("impressions"u8, impressions);
        json.WriteNumber("reward"u8, Units(rewardMicros));
        json.WriteEndObject();
    }

    private static void WriteInterval(Utf8JsonWriter json, ReadOnlySpan<byte> name, Interval interval, int digits)
    {
        json.WriteStartObject(name);
        json.WriteNumber("mean"u8, Math.Round(interval.Mean, digits));
        json.WriteNumber("low"u8, Math.Round(interval.Low, digits));
        json.WriteNumber("high"u8, Math.Round(interval.High, digits));
        json.WriteEndObject();
    }

    private static SegmentCounts CountsOf(ReplicatedSegment segment) => segment.Served?.Counts ?? SegmentCounts.None;

    private static decimal Units(long micros) => micros / (decimal)Rewards.Micro;
}
