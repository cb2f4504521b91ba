using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Flywheel.Decisions;

namespace Flywheel.Client;

/// <summary>A snapshot, ready to serve. Immutable but for the traffic it counts, which goes on from one policy to the next.</summary>
internal sealed class LocalPolicy
{
    /// <exception cref="JsonException">The content of a module cannot be served.</exception>
    public LocalPolicy(PolicySnapshot snapshot, LocalPolicy? earlier)
    {
        Snapshot = snapshot;
        var isSameLife = earlier?.Snapshot.Incarnation == snapshot.Incarnation;
        var isSameLayout = earlier is not null && earlier.Snapshot.Slots == snapshot.Slots;
        Utf8Campaign = isSameLife ? earlier!.Utf8Campaign : Encoding.ASCII.GetBytes(snapshot.Key);
        Modules = isSameLayout ? earlier!.Modules : [.. snapshot.Slots.Select(slot => slot.Modules.Select(Served).ToArray())];
        Keys = isSameLayout ? earlier!.Keys : [.. snapshot.Slots.Select(slot => slot.Modules.Select(module => module.Key).ToArray())];
        Unreported = isSameLife ? earlier!.Unreported : new ServedMark();
        Channels = isSameLife ? earlier!.Channels : new ChannelNames();
        foreach (var channel in snapshot.Channels)
            Channels.Resolve(channel);
        Segments = [.. snapshot.Segments.Select(segment => new LocalSegment(segment, snapshot.Prior, isSameLife ? earlier!.TrafficOf(segment.Id) : new SegmentTraffic(Unreported)))];
    }

    public PolicySnapshot Snapshot { get; }

    public byte[] Utf8Campaign { get; }

    /// <summary>By slot, in the order of the campaign.</summary>
    public ServedModule[][] Modules { get; }

    public ulong[][] Keys { get; }

    public LocalSegment[] Segments { get; }

    public ChannelNames Channels { get; }

    /// <summary>Set while there may be decisions to report.</summary>
    public ServedMark Unreported { get; }

    /// <summary>The segment at this place; the last one, <c>default</c>, where it is −1.</summary>
    public LocalSegment SegmentAt(int place) => Segments[place < 0 ? Segments.Length - 1 : place];

    /// <summary>Writes the key of each module of a combination; returns the length.</summary>
    public int WriteKeys(ulong combination, Span<byte> bytes)
    {
        for (var slot = 0; slot < Keys.Length; slot++)
            BinaryPrimitives.WriteUInt64BigEndian(bytes[(slot * 8)..], Keys[slot][Combination.ModuleAt(combination, slot)]);
        return Keys.Length * 8;
    }

    private SegmentTraffic TrafficOf(string segment) => Snapshot.PlaceOf(segment) is >= 0 and var place ? Segments[place].Traffic : new SegmentTraffic(Unreported);

    private static ServedModule Served(SnapshotModule module)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("module", module.Id);
            json.WriteNumber("version", module.Version);
            json.WritePropertyName("content");
            json.WriteRawValue(module.Content.Span);
            json.WriteEndObject();
        }
        return JsonSerializer.Deserialize(stream.ToArray(), FlywheelJson.Default.ServedModule)!;
    }
}
