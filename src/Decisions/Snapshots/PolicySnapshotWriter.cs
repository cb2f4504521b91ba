using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;

namespace Flywheel.Decisions;

/// <summary>
/// Writes a <see cref="PolicySnapshot"/> in the form <see cref="PolicySnapshotReader"/> reads. A table is written as its distinct
/// combinations, a byte a slot, and the place of each entry's combination among them: a byte each where there are at most 256, else two.
/// </summary>
public static class PolicySnapshotWriter
{
    public static void Write(Utf8JsonWriter json, PolicySnapshot snapshot)
    {
        json.WriteStartObject();
        WriteHead(json, snapshot);
        json.WriteString("status"u8, snapshot.IsLive ? "live"u8 : "paused"u8);
        json.WriteNumber("attributionWindow"u8, snapshot.WindowSeconds);
        json.WriteNumber("partitions"u8, snapshot.Partitions);
        json.WriteStartArray("slots"u8);
        foreach (var slot in snapshot.Slots)
            WriteSlot(json, slot);
        json.WriteEndArray();
        json.WritePropertyName("prior"u8);
        WritePolicy(json, snapshot.Prior);
        json.WriteStartArray("segments"u8);
        foreach (var segment in snapshot.Segments)
        {
            json.WriteStartObject();
            json.WriteString("id"u8, segment.Id);
            json.WriteNumber("partition"u8, segment.Partition);
            json.WritePropertyName("match"u8);
            SegmentRuleWriter.Write(json, segment.Match);
            WriteOwn(json, segment);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Writes only some segments, for who has the rest.</summary>
    public static void WriteSegments(Utf8JsonWriter json, PolicySnapshot snapshot, IEnumerable<SnapshotSegment> changed)
    {
        json.WriteStartObject();
        WriteHead(json, snapshot);
        json.WriteStartArray("segments"u8);
        foreach (var segment in changed)
        {
            json.WriteStartObject();
            json.WriteString("id"u8, segment.Id);
            WriteOwn(json, segment);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteHead(Utf8JsonWriter json, PolicySnapshot snapshot)
    {
        json.WriteString("campaign"u8, snapshot.Campaign);
        if (snapshot.Tenant != CampaignKeys.DefaultTenant)
            json.WriteString("tenant"u8, snapshot.Tenant);
        json.WriteString("incarnation"u8, Hex(snapshot.Incarnation));
        json.WriteString("asOf"u8, TimeOf(snapshot.AsOfMs));
        json.WriteStartArray("channels"u8);
        foreach (var channel in snapshot.Channels)
            json.WriteStringValue(channel);
        json.WriteEndArray();
    }

    private static void WriteSlot(Utf8JsonWriter json, SnapshotSlot slot)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, slot.Id);
        json.WriteStartArray("modules"u8);
        foreach (var module in slot.Modules)
        {
            json.WriteStartObject();
            json.WriteString("id"u8, module.Id);
            json.WriteNumber("version"u8, module.Version);
            json.WriteString("key"u8, Hex(module.Key));
            json.WritePropertyName("content"u8);
            json.WriteRawValue(module.Content.Span, skipInputValidation: true);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteOwn(Utf8JsonWriter json, SnapshotSegment segment)
    {
        if (segment.Own is not { } own)
            return;
        json.WritePropertyName("policy"u8);
        WritePolicy(json, own);
    }

    private static void WritePolicy(Utf8JsonWriter json, SnapshotPolicy fitted)
    {
        var policy = fitted.Policy;
        json.WriteStartObject();
        json.WriteNumber("policyVersion"u8, policy.Version);
        json.WriteString("fittedAt"u8, TimeOf(fitted.FittedAtMs));
        json.WriteNumber("control"u8, policy.Control);
        json.WriteNumber("minPropensity"u8, policy.MinPropensity);
        json.WriteBoolean("isFallback"u8, policy.IsFallback);
        json.WriteBase64String("combinations"u8, CombinationsOf(policy));
        json.WriteBase64String("entries"u8, EntriesOf(policy));
        json.WriteEndObject();
    }

    private static byte[] CombinationsOf(SegmentPolicy policy)
    {
        var slots = policy.ModulesPerSlot.Length;
        var bytes = new byte[policy.Combinations.Length * slots];
        for (var i = 0; i < policy.Combinations.Length; i++)
        {
            for (var slot = 0; slot < slots; slot++)
                bytes[i * slots + slot] = (byte)Combination.ModuleAt(policy.Combinations[i], slot);
        }
        return bytes;
    }

    private static byte[] EntriesOf(SegmentPolicy policy)
    {
        var isWide = policy.Combinations.Length > byte.MaxValue + 1;
        var bytes = new byte[isWide ? policy.EntryCount * 2 : policy.EntryCount];
        for (var i = 0; i < policy.EntryCount; i++)
        {
            if (isWide)
                BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(i * 2), (ushort)policy.PlaceOf(i));
            else
                bytes[i] = (byte)policy.PlaceOf(i);
        }
        return bytes;
    }

    private static string Hex(ulong value) => value.ToString("x16", CultureInfo.InvariantCulture);

    private static DateTime TimeOf(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms).UtcDateTime;
}
