using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Flywheel.Decisions;

namespace Flywheel.Silo.Hosting;

/// <summary>
/// A policy as this silo's own disk has it, an eighth of what a message takes: its distinct combinations as base64 of little-endian 64-bit
/// numbers, and the place of each entry's combination as base64 of bytes, or of little-endian 16-bit numbers where there are more than 256.
/// </summary>
internal sealed class CompactPolicyConverter : JsonConverter<SegmentPolicy>
{
    public override SegmentPolicy Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var saved = JsonSerializer.Deserialize<Saved>(ref reader) ?? throw new JsonException("A policy is an object.");
        var combinations = MemoryMarshal.Cast<byte, ulong>(saved.Combinations).ToArray();
        var isWide = combinations.Length > byte.MaxValue + 1;
        var places = new ushort[isWide ? saved.Places.Length / sizeof(ushort) : saved.Places.Length];
        for (var entry = 0; entry < places.Length; entry++)
            places[entry] = isWide ? BinaryPrimitives.ReadUInt16LittleEndian(saved.Places.AsSpan(entry * sizeof(ushort))) : saved.Places[entry];
        try
        {
            return SegmentPolicy.FromTable(saved.Version, [.. saved.ModulesPerSlot], combinations, places, saved.Control, saved.MinPropensity, saved.IsFallback);
        }
        catch (ArgumentException e)
        {
            throw new JsonException(e.Message, e);
        }
    }

    public override void Write(Utf8JsonWriter writer, SegmentPolicy value, JsonSerializerOptions options)
    {
        var isWide = value.DistinctCombinations > byte.MaxValue + 1;
        var places = new byte[isWide ? value.EntryCount * sizeof(ushort) : value.EntryCount];
        for (var entry = 0; entry < value.EntryCount; entry++)
        {
            if (isWide)
                BinaryPrimitives.WriteUInt16LittleEndian(places.AsSpan(entry * sizeof(ushort)), (ushort)value.PlaceOf(entry));
            else
                places[entry] = (byte)value.PlaceOf(entry);
        }
        JsonSerializer.Serialize(writer, new Saved(
            value.Version, [.. value.ModulesPerSlot], MemoryMarshal.AsBytes(value.Combinations).ToArray(), places,
            value.Control, value.MinPropensity, value.IsFallback));
    }

    private sealed record Saved(long Version, int[] ModulesPerSlot, byte[] Combinations, byte[] Places, double Control, double MinPropensity, bool IsFallback);
}
