using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using System.Xml;
using Flywheel.Decisions;

namespace Flywheel.Domain.Campaigns;

/// <summary>
/// Reads a campaign document and says what is wrong with it, in as many places as it can tell. A campaign that comes out is valid as a whole;
/// nothing comes out of a document with any error.
/// </summary>
public static class CampaignReader
{
    /// <summary>Of a document; a module's content begins at <see cref="ContentDepth"/>.</summary>
    internal const int MaxDepth = 16;

    /// <summary>The document, its slots, a slot, its modules, a module, its content.</summary>
    internal const int ContentDepth = 6;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    private const string RewardNumber = "a number from 0 to 1,000,000 with at most 6 decimals";
    private const string ValuedReward = "{\"weight\":1,\"perValue\":0.1}";

    /// <param name="id">The id under which the campaign is stored; the document may repeat it, not contradict it.</param>
    /// <param name="json">UTF-8 JSON.</param>
    /// <param name="errors">What is wrong; empty where a campaign is returned.</param>
    public static Campaign? Read(string id, ReadOnlyMemory<byte> json, out IReadOnlyList<FieldError> errors)
    {
        var reader = new DocumentReader();
        Campaign? campaign = null;
        if (!Ids.IsValid(id))
            reader.Add("id", $"\"{DocumentReader.Shorten(id)}\"", Ids.Pattern);
        try
        {
            if (!Utf8.IsValid(json.Span))
                throw new JsonException(JsonText.NoUtf8);
            using var document = JsonDocument.Parse(json, Options);
            campaign = ReadCampaign(reader, document.RootElement, id);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            reader.Add("", $"malformed JSON ({JsonText.FaultOf(e)})", "one JSON object, each member once");
        }
        errors = reader.Errors;
        return errors.Count == 0 ? campaign : null;
    }

    private static Campaign? ReadCampaign(DocumentReader reader, JsonElement root, string id)
    {
        if (!reader.IsObject(root, "", "id", "name", "status", "simulation", "brief", "slots", "segments", "rewards", "policy", "governance", "delivery"))
            return null;
        if (root.TryGetProperty("id", out var own) && !(own.ValueKind == JsonValueKind.String && own.ValueEquals(id)))
            reader.Add("id", DocumentReader.Describe(own), $"\"{id}\", as in the path, or no id");
        var slots = reader.Array(root, "", "slots", 1, Limits.SlotsPerCampaign, required: true, (element, field) => ReadSlot(reader, element, field));
        reader.NoTwins(slots, slot => slot.Id, "slots");
        var combinations = slots.Aggregate(1L, (product, slot) => product * Math.Max(1, slot.Modules.Length));
        if (combinations > Limits.Combinations)
            reader.Add("slots", $"{combinations} combinations", $"at most {Limits.Combinations} (the product of the modules of all slots)");
        var segments = reader.Array(root, "", "segments", 0, Limits.SegmentsPerCampaign, required: false, (element, field) => ReadSegment(reader, element, field));
        reader.NoTwins(segments, segment => segment.Id, "segments");
        return new Campaign
        {
            // A form that was left empty names nothing.
            Name = reader.Text(root, "", "name", 200) is { } name && !string.IsNullOrWhiteSpace(name) ? name : null,
            Status = reader.OneOf<CampaignStatus>(root, "", "status") ?? CampaignStatus.Live,
            Simulation = ReadFlag(reader, root, "simulation"),
            Brief = ReadBrief(reader, root),
            Slots = slots,
            Segments = segments,
            Rewards = ReadRewards(reader, root),
            Policy = ReadPolicy(reader, root, combinations),
            Governance = ReadGovernance(reader, root, slots),
            Delivery = DeliveryDocument.Read(reader, root),
        };
    }

    private static bool ReadFlag(DocumentReader reader, JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out var element))
            return false;
        if (element.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            reader.Add(name, DocumentReader.Describe(element), "true or false");
        return element.ValueKind == JsonValueKind.True;
    }

    private static Brief? ReadBrief(DocumentReader reader, JsonElement root)
    {
        if (!root.TryGetProperty("brief", out var brief)
            || !reader.IsObject(brief, "brief", "brand", "objective", "tone", "language", "mustSay", "neverSay", "claims"))
            return null;
        return new Brief
        {
            Brand = reader.Text(brief, "brief", "brand", Limits.TextLength),
            Objective = reader.Text(brief, "brief", "objective", Limits.TextLength),
            Tone = reader.Texts(brief, "brief", "tone"),
            Language = reader.Text(brief, "brief", "language", 35),
            MustSay = reader.Texts(brief, "brief", "mustSay"),
            NeverSay = reader.Texts(brief, "brief", "neverSay"),
            Claims = reader.Texts(brief, "brief", "claims"),
        };
    }

    private static Slot? ReadSlot(DocumentReader reader, JsonElement element, string field)
    {
        if (!reader.IsObject(element, field, "id", "kind", "maxLength", "modules"))
            return null;
        var id = reader.Id(element, field);
        var kind = reader.Text(element, field, "kind", Limits.IdLength);
        if (kind is not null && !Ids.IsValid(kind))
            reader.Add($"{field}.kind", $"\"{DocumentReader.Shorten(kind)}\"", "text, image, or a kind of your own in " + Ids.Pattern);
        var maxLength = reader.Integer(element, field, "maxLength", 1, Limits.TextLength);
        var modules = reader.Array(element, field, "modules", 1, Limits.ModulesPerSlot, required: true,
            (module, path) => ReadModule(reader, module, path, kind, maxLength));
        reader.NoTwins(modules, module => module.Id, $"{field}.modules");
        return id is null ? null : new Slot { Id = id, Kind = kind, MaxLength = maxLength, Modules = modules };
    }

    private static Module? ReadModule(DocumentReader reader, JsonElement element, string field, string? kind, int? maxLength)
    {
        if (!reader.IsObject(element, field, "id", "content", "attributes"))
            return null;
        var id = reader.Id(element, field);
        var (content, attributes) = ReadModuleParts(reader, element, kind, maxLength, field);
        return id is null ? null : new Module { Id = id, Content = content, Attributes = attributes };
    }

    /// <summary>What a module serves and is known by, of an element that has them as members.</summary>
    internal static (ModuleContent Content, ImmutableSortedDictionary<string, string> Attributes) ReadModuleParts(
        DocumentReader reader, JsonElement element, string? kind, int? maxLength, string field = "") =>
        (ReadContent(reader, element, field, kind, maxLength), ReadAttributes(reader, element, field));

    private static ModuleContent ReadContent(DocumentReader reader, JsonElement module, string field, string? kind, int? maxLength)
    {
        field = DocumentReader.Join(field, "content");
        var needed = kind switch { "text" => "text", "image" => "url", _ => null };
        if (!module.TryGetProperty("content", out var content))
        {
            if (needed is not null)
                reader.Add($"{field}.{needed}", "nothing", $"text (the slot's kind is {kind})");
            return ModuleContent.Empty;
        }
        if (content.ValueKind != JsonValueKind.Object)
        {
            reader.Add(field, DocumentReader.Describe(content), "an object");
            return ModuleContent.Empty;
        }
        if (ModuleContent.TryFrom(content) is not { } read)
        {
            reader.Add(field, "half a surrogate pair", "Unicode text");
            return ModuleContent.Empty;
        }
        if (needed is not null && (!content.TryGetProperty(needed, out var value) || value.ValueKind != JsonValueKind.String || value.GetString()!.Length == 0))
            reader.Add($"{field}.{needed}", content.TryGetProperty(needed, out value) ? DocumentReader.Describe(value) : "nothing", $"text (the slot's kind is {kind})");
        if (maxLength is { } longest && content.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String
            && new StringInfo(text.GetString()!).LengthInTextElements is var length && length > longest)
            reader.Add($"{field}.text", $"{length} characters", $"at most {longest} (the slot's maxLength)");
        if (Encoding.UTF8.GetByteCount(read.Json) is var bytes && bytes > Limits.ContentBytes)
            reader.Add(field, $"{bytes} bytes", $"at most {Limits.ContentBytes}");
        return read;
    }

    private static ImmutableSortedDictionary<string, string> ReadAttributes(DocumentReader reader, JsonElement module, string field)
    {
        var none = ImmutableSortedDictionary<string, string>.Empty;
        if (!module.TryGetProperty("attributes", out var attributes))
            return none;
        field = DocumentReader.Join(field, "attributes");
        if (attributes.ValueKind != JsonValueKind.Object)
        {
            reader.Add(field, DocumentReader.Describe(attributes), "an object of texts");
            return none;
        }
        var read = none.ToBuilder();
        foreach (var attribute in attributes.EnumerateObject())
        {
            if (attribute.Value.ValueKind == JsonValueKind.String && attribute.Value.GetString()!.Length <= 200 && attribute.Name.Length <= Limits.IdLength)
                read[attribute.Name] = attribute.Value.GetString()!;
            else
                reader.Add($"{field}.{DocumentReader.Shorten(attribute.Name)}", DocumentReader.Describe(attribute.Value), "text of at most 200 characters");
        }
        if (read.Count > Limits.AttributesPerModule)
            reader.Add(field, $"{read.Count} attributes", $"at most {Limits.AttributesPerModule}");
        return read.ToImmutable();
    }

    private static Segment? ReadSegment(DocumentReader reader, JsonElement element, string field)
    {
        if (!reader.IsObject(element, field, "id", "match"))
            return null;
        var id = reader.Id(element, field);
        if (id == Ids.DefaultSegment)
            reader.Add($"{field}.id", "\"default\"", "another id: default is always there, for whom no rule matches");
        return id is null ? null : new Segment { Id = id, Match = SegmentRuleReader.Read(element, field, reader.Add) };
    }

    private static Rewards ReadRewards(DocumentReader reader, JsonElement root)
    {
        if (!root.TryGetProperty("rewards", out var rewards))
            return Rewards.Default;
        if (rewards.ValueKind != JsonValueKind.Object)
        {
            reader.Add("rewards", DocumentReader.Describe(rewards), "an object of numbers");
            return Rewards.Default;
        }
        var weights = ImmutableSortedDictionary.CreateBuilder<string, long>(StringComparer.Ordinal);
        var perValue = ImmutableSortedDictionary.CreateBuilder<string, long>(StringComparer.Ordinal);
        long? cap = null;
        foreach (var member in rewards.EnumerateObject())
        {
            var field = $"rewards.{DocumentReader.Shorten(member.Name)}";
            if (!SignalTypes.IsValid(member.Name))
                reader.Add(field, "this name", "a signal type, " + SignalTypes.Pattern);
            else if (member.Name == "cap")
                cap = ReadMicros(reader, member.Value, field, RewardNumber);
            else if (member.Value.ValueKind == JsonValueKind.Object)
                ReadValuedReward(reader, member, field, weights, perValue);
            else if (ReadMicros(reader, member.Value, field, member.Value.ValueKind == JsonValueKind.Number ? RewardNumber : $"{RewardNumber}, or {ValuedReward}") is { } weight)
                weights[member.Name] = weight;
        }
        var read = new Rewards(weights.ToImmutable(), cap) { PerValueMicros = perValue.ToImmutable() };
        if (read.Types.Count() is var types && types is 0 or > Limits.RewardTypes && reader.Errors.Count == 0)
            reader.Add("rewards", $"{types} types", $"1 to {Limits.RewardTypes}");
        if (cap == 0)
            reader.Add("rewards.cap", "0", "more than 0");
        if (perValue.Count > 0 && !rewards.TryGetProperty("cap", out _))
            reader.Add("rewards.cap", "nothing", "the most that one decision can earn: with perValue there has to be one, or a few large values would decide for all");
        return read;
    }

    private static void ReadValuedReward(
        DocumentReader reader,
        JsonProperty member,
        string field,
        ImmutableSortedDictionary<string, long>.Builder weights,
        ImmutableSortedDictionary<string, long>.Builder perValue)
    {
        reader.IsObject(member.Value, field, "weight", "perValue");
        if (!member.Value.TryGetProperty("perValue", out var share))
            reader.Add($"{field}.perValue", "nothing", $"{RewardNumber} (for a fixed weight alone write the number itself)");
        else if (ReadMicros(reader, share, $"{field}.perValue", RewardNumber) is { } micros)
            perValue[member.Name] = micros;
        if (member.Value.TryGetProperty("weight", out var fixedPart) && ReadMicros(reader, fixedPart, $"{field}.weight", RewardNumber) is { } weight)
            weights[member.Name] = weight;
    }

    private static long? ReadMicros(DocumentReader reader, JsonElement element, string field, string expected)
    {
        if (element.ValueKind == JsonValueKind.Number && element.TryGetDecimal(out var number)
            && number is >= 0 and <= 1_000_000 && number * Rewards.Micro == decimal.Truncate(number * Rewards.Micro))
            return (long)(number * Rewards.Micro);
        reader.Add(field, DocumentReader.Describe(element), expected);
        return null;
    }

    private static PolicySettings ReadPolicy(DocumentReader reader, JsonElement root, long combinations)
    {
        var defaults = new PolicySettings();
        if (!root.TryGetProperty("policy", out var policy)
            || !reader.IsObject(policy, "policy", "control", "minPropensity", "attributionWindow"))
            return defaults;
        var minPropensity = reader.Number(policy, "policy", "minPropensity", 0, 1) ?? 0;
        if (minPropensity * combinations > 1)
            reader.Add("policy.minPropensity", minPropensity.ToString(CultureInfo.InvariantCulture),
                string.Create(CultureInfo.InvariantCulture, $"at most {1.0 / combinations:R}: there are {combinations} combinations"));
        return new PolicySettings
        {
            Control = reader.Number(policy, "policy", "control", 0, 1) ?? defaults.Control,
            MinPropensity = minPropensity,
            AttributionWindow = ReadWindow(reader, policy) ?? defaults.AttributionWindow,
        };
    }

    private static TimeSpan? ReadWindow(DocumentReader reader, JsonElement policy)
    {
        if (!policy.TryGetProperty("attributionWindow", out var element))
            return null;
        if (element.ValueKind == JsonValueKind.String && TryDuration(element.GetString()!, out var window)
            && window >= Limits.ShortestAttributionWindow && window <= Limits.LongestAttributionWindow)
            return window;
        reader.Add("policy.attributionWindow", DocumentReader.Describe(element), "a time from 00:00:01 to 30.00:00:00 (or ISO 8601, PT1S to P30D)");
        return null;
    }

    private static bool TryDuration(string text, out TimeSpan duration)
    {
        if (TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out duration))
            return true;
        if (!text.StartsWith('P'))
            return false;
        try
        {
            duration = XmlConvert.ToTimeSpan(text);
            return true;
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            return false;
        }
    }

    private static Governance? ReadGovernance(DocumentReader reader, JsonElement root, ImmutableArray<Slot> slots)
    {
        if (!root.TryGetProperty("governance", out var governance)
            || !reader.IsObject(governance, "governance", "mode", "maxModulesPerSlot", "challengerShare", "proposalsPerDay", "tokensPerDay", "costPerDay", "coolDownMinutes", "auto"))
            return null;
        return new Governance
        {
            Mode = reader.OneOf<GovernanceMode>(governance, "governance", "mode") ?? GovernanceMode.Approve,
            MaxModulesPerSlot = reader.Integer(governance, "governance", "maxModulesPerSlot", 1, Limits.ModulesPerSlot),
            ChallengerShare = reader.Number(governance, "governance", "challengerShare", 0, 1),
            ProposalsPerDay = reader.Integer(governance, "governance", "proposalsPerDay", 0, 1_000),
            TokensPerDay = reader.Integer(governance, "governance", "tokensPerDay", 1, 100_000_000),
            CostPerDay = reader.Number(governance, "governance", "costPerDay", 0, 10_000),
            CoolDownMinutes = reader.Integer(governance, "governance", "coolDownMinutes", 0, 10_080),
            Auto = ReadAuto(reader, governance, slots),
        };
    }

    private static AutoLimits? ReadAuto(DocumentReader reader, JsonElement governance, ImmutableArray<Slot> slots)
    {
        const string Field = "governance.auto";
        if (!governance.TryGetProperty("auto", out var auto) || !reader.IsObject(auto, Field, "slots", "risk", "share"))
            return null;
        return new AutoLimits
        {
            Slots = reader.Array(auto, Field, "slots", 1, Limits.SlotsPerCampaign, required: false, ReadKnownSlot),
            Risk = reader.OneOf<AutoRisk>(auto, Field, "risk"),
            Share = reader.Number(auto, Field, "share", 0, 1),
        };

        string? ReadKnownSlot(JsonElement element, string field)
        {
            if (element.ValueKind == JsonValueKind.String && slots.Any(slot => element.ValueEquals(slot.Id)))
                return element.GetString();
            // Slots that are wrong are told as such.
            if (!slots.IsEmpty)
                reader.Add(field, DocumentReader.Describe(element), $"one of {string.Join(", ", slots.Select(slot => slot.Id))}");
            return null;
        }
    }
}
