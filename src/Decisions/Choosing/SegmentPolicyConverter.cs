using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Flywheel.Decisions;

/// <summary>
/// The policy as JSON between silos and on their disks: its parameters and its table, the draws as base64 of little-endian 64-bit
/// combinations. Written without reflection, so that clients can be trimmed. For clients see <see cref="PolicySnapshotWriter"/>.
/// </summary>
internal sealed class SegmentPolicyConverter : JsonConverter<SegmentPolicy>
{
    public override SegmentPolicy Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        var policy = document.RootElement;
        if (policy.ValueKind != JsonValueKind.Object)
            throw new JsonException("A policy is an object.");
        try
        {
            return new SegmentPolicy(
                Member("Version").GetInt64(),
                [.. Member("ModulesPerSlot").EnumerateArray().Select(modules => modules.GetInt32())],
                MemoryMarshal.Cast<byte, ulong>(Member("Draws").GetBytesFromBase64()),
                Member("Control").GetDouble(),
                Member("MinPropensity").GetDouble(),
                Member("IsFallback").GetBoolean());
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new JsonException($"The policy cannot be read: {e.Message}", e);
        }

        JsonElement Member(string name) => policy.GetProperty(NameOf(name, options));
    }

    public override void Write(Utf8JsonWriter writer, SegmentPolicy value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteNumber(NameOf("Version", options), value.Version);
        writer.WriteStartArray(NameOf("ModulesPerSlot", options));
        foreach (var modules in value.ModulesPerSlot)
            writer.WriteNumberValue(modules);
        writer.WriteEndArray();
        writer.WriteBase64String(NameOf("Draws", options), MemoryMarshal.AsBytes<ulong>(value.Draws()));
        writer.WriteNumber(NameOf("Control", options), value.Control);
        writer.WriteNumber(NameOf("MinPropensity", options), value.MinPropensity);
        writer.WriteBoolean(NameOf("IsFallback", options), value.IsFallback);
        writer.WriteEndObject();
    }

    private static string NameOf(string name, JsonSerializerOptions options) => options.PropertyNamingPolicy?.ConvertName(name) ?? name;
}
