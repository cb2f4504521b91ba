using System.Collections.Immutable;
using System.Text.Json;
using Flywheel.Decisions;

namespace Flywheel.Domain.Campaigns;

/// <summary>Writes a campaign in the form <see cref="CampaignReader"/> reads; effective values of rewards and policy are spelt out.</summary>
public static class CampaignWriter
{
    public static byte[] Write(string id, Campaign campaign)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, JsonText.Compact))
            Write(json, id, campaign);
        return stream.ToArray();
    }

    private static void Write(Utf8JsonWriter json, string id, Campaign campaign)
    {
        json.WriteStartObject();
        json.WriteString("id", id);
        WriteText(json, "name", campaign.Name);
        json.WriteString("status", DocumentReader.NameOf(campaign.Status));
        if (campaign.Simulation)
            json.WriteBoolean("simulation", true);
        if (campaign.Brief is { } brief)
            Write(json, brief);
        json.WriteStartArray("slots");
        foreach (var slot in campaign.Slots)
            WriteSlot(json, slot);
        json.WriteEndArray();
        json.WriteStartArray("segments");
        foreach (var segment in campaign.Segments)
            WriteSegment(json, segment);
        json.WriteEndArray();
        WriteRewards(json, campaign.Rewards);
        json.WriteStartObject("policy");
        json.WriteNumber("control", campaign.Policy.Control);
        json.WriteNumber("minPropensity", campaign.Policy.MinPropensity);
        json.WriteString("attributionWindow", campaign.Policy.AttributionWindow.ToString("c"));
        json.WriteEndObject();
        WriteGovernance(json, campaign.Governance);
        if (campaign.Delivery is { } delivery)
            DeliveryDocument.Write(json, delivery);
        json.WriteEndObject();
    }

    /// <summary>Writes the member <c>brief</c>.</summary>
    public static void Write(Utf8JsonWriter json, Brief brief)
    {
        json.WriteStartObject("brief");
        WriteText(json, "brand", brief.Brand);
        WriteText(json, "objective", brief.Objective);
        WriteTexts(json, "tone", brief.Tone);
        WriteText(json, "language", brief.Language);
        WriteTexts(json, "mustSay", brief.MustSay);
        WriteTexts(json, "neverSay", brief.NeverSay);
        WriteTexts(json, "claims", brief.Claims);
        json.WriteEndObject();
    }

    private static void WriteSlot(Utf8JsonWriter json, Slot slot)
    {
        json.WriteStartObject();
        json.WriteString("id", slot.Id);
        WriteText(json, "kind", slot.Kind);
        if (slot.MaxLength is { } maxLength)
            json.WriteNumber("maxLength", maxLength);
        json.WriteStartArray("modules");
        foreach (var module in slot.Modules)
        {
            json.WriteStartObject();
            json.WriteString("id", module.Id);
            json.WritePropertyName("content");
            json.WriteRawValue(module.Content.Json, skipInputValidation: true);
            if (!module.Attributes.IsEmpty)
            {
                json.WriteStartObject("attributes");
                foreach (var (name, value) in module.Attributes)
                    json.WriteString(name, value);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteSegment(Utf8JsonWriter json, Segment segment)
    {
        json.WriteStartObject();
        json.WriteString("id", segment.Id);
        json.WritePropertyName("match");
        SegmentRuleWriter.Write(json, segment.Match);
        json.WriteEndObject();
    }

    private static void WriteRewards(Utf8JsonWriter json, Rewards rewards)
    {
        json.WriteStartObject("rewards");
        foreach (var type in rewards.Types)
            WriteReward(json, rewards, type);
        if (rewards.ExplicitCapMicros is { } cap)
            json.WriteNumber("cap", cap / (decimal)Rewards.Micro);
        json.WriteEndObject();
    }

    /// <summary>A fixed weight alone stands for itself.</summary>
    private static void WriteReward(Utf8JsonWriter json, Rewards rewards, string type)
    {
        var hasWeight = rewards.WeightsMicros.TryGetValue(type, out var weight);
        if (!rewards.PerValueMicros.TryGetValue(type, out var perValue))
        {
            json.WriteNumber(type, weight / (decimal)Rewards.Micro);
            return;
        }
        json.WriteStartObject(type);
        if (hasWeight)
            json.WriteNumber("weight", weight / (decimal)Rewards.Micro);
        json.WriteNumber("perValue", perValue / (decimal)Rewards.Micro);
        json.WriteEndObject();
    }

    private static void WriteGovernance(Utf8JsonWriter json, Governance? governance)
    {
        if (governance is null)
            return;
        json.WriteStartObject("governance");
        json.WriteString("mode", DocumentReader.NameOf(governance.Mode));
        if (governance.MaxModulesPerSlot is { } modules)
            json.WriteNumber("maxModulesPerSlot", modules);
        if (governance.ChallengerShare is { } share)
            json.WriteNumber("challengerShare", share);
        if (governance.ProposalsPerDay is { } proposals)
            json.WriteNumber("proposalsPerDay", proposals);
        if (governance.TokensPerDay is { } tokens)
            json.WriteNumber("tokensPerDay", tokens);
        if (governance.CostPerDay is { } cost)
            json.WriteNumber("costPerDay", cost);
        if (governance.CoolDownMinutes is { } minutes)
            json.WriteNumber("coolDownMinutes", minutes);
        WriteAuto(json, governance.Auto);
        json.WriteEndObject();
    }

    private static void WriteAuto(Utf8JsonWriter json, AutoLimits? auto)
    {
        if (auto is null)
            return;
        json.WriteStartObject("auto");
        if (!auto.Slots.IsEmpty)
            WriteTexts(json, "slots", auto.Slots);
        if (auto.Risk is { } risk)
            json.WriteString("risk", DocumentReader.NameOf(risk));
        if (auto.Share is { } share)
            json.WriteNumber("share", share);
        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
            json.WriteString(name, value);
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, ImmutableArray<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
