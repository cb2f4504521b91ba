using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Flywheel.Decisions;

namespace Flywheel.Silo.Hosting;

/// <summary>
/// A policy as this silo's own disk has it, a fifth of what a message takes: its distinct combinations as base64 of little-endian 64-bit
/// numbers, and the place of each entry's combination as base64 of little-endian 16-bit ones.
/// </summary>
internal sealed class CompactPolicyConverter : JsonConverter<SegmentPolicy>
{
    public override SegmentPolicy Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var saved = JsonSerializer.Deserialize<Saved>(ref reader) ?? throw new JsonException("A policy is an object.");
        var combinations = MemoryMarshal.Cast<byte, ulong>(saved.Combinations);
        var places = MemoryMarshal.Cast<byte, ushort>(saved.Places);
        var draws = new ulong[places.Length];
        for (var entry = 0; entry < draws.Length; entry++)
            draws[entry] = places[entry] < combinations.Length ? combinations[places[entry]] : throw new JsonException($"There is no combination {places[entry]}.");
        try
        {
            return new SegmentPolicy(saved.Version, [.. saved.ModulesPerSlot], draws, saved.Control, saved.MinPropensity, saved.IsFallback);
        }
        catch (ArgumentException e)
        {
            throw new JsonException(e.Message, e);
        }
    }

    public override void Write(Utf8JsonWriter writer, SegmentPolicy value, JsonSerializerOptions options)
    {
        var places = new ushort[value.EntryCount];
        for (var entry = 0; entry < places.Length; entry++)
            places[entry] = (ushort)value.PlaceOf(entry);
        JsonSerializer.Serialize(writer, new Saved(
            value.Version, [.. value.ModulesPerSlot], MemoryMarshal.AsBytes(value.Combinations).ToArray(), MemoryMarshal.AsBytes<ushort>(places).ToArray(),
            value.Control, value.MinPropensity, value.IsFallback));
    }

    private sealed record Saved(long Version, int[] ModulesPerSlot, byte[] Combinations, byte[] Places, double Control, double MinPropensity, bool IsFallback);
}
