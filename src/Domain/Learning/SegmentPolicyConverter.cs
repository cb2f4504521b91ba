using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Flywheel.Domain.Learning;

/// <summary>The policy as JSON: its parameters and its table, the draws as base64 of little-endian 64-bit combinations.</summary>
internal sealed class SegmentPolicyConverter : JsonConverter<SegmentPolicy>
{
    public override SegmentPolicy Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var wire = JsonSerializer.Deserialize<Wire>(ref reader, options) ?? throw new JsonException("A policy is an object.");
        return new SegmentPolicy(wire.Version, [.. wire.ModulesPerSlot], MemoryMarshal.Cast<byte, ulong>(wire.Draws), wire.Control, wire.MinPropensity, wire.IsFallback);
    }

    public override void Write(Utf8JsonWriter writer, SegmentPolicy value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, new Wire(
            value.Version, [.. value.ModulesPerSlot], MemoryMarshal.AsBytes<ulong>(value.Draws()).ToArray(), value.Control, value.MinPropensity, value.IsFallback), options);

    private sealed record Wire(long Version, ImmutableArray<int> ModulesPerSlot, byte[] Draws, double Control, double MinPropensity, bool IsFallback);
}
