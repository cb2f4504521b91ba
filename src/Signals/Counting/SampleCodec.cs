using System.Buffers;
using System.Collections.Immutable;
using Flywheel.Decisions;

namespace Flywheel.Signals;

/// <summary>Stored form of a part of the <see cref="DecisionSample"/>.</summary>
/// <remarks>
/// Format (1), threshold; then what rows have in common, each once: segments (campaign, incarnation, segment), channels, keys
/// of issuers and modules; then the rows: places of segment, channel and issuer, counter, decided at, flags (1: control,
/// 2: impression), propensity, modules (number, places), reward in millionths.
/// </remarks>
internal static class SampleCodec
{
    private const byte Format = 1;
    private const byte Control = 1;
    private const byte Impression = 2;

    public static byte[] ToBytes(ulong threshold, IReadOnlyList<SampleRow> rows)
    {
        var (segments, channels, keys) = (new Table<SegmentId>(), new Table<string>(), new Table<ulong>());
        var body = new ArrayBufferWriter<byte>(64 * (rows.Count + 1));
        body.Varint((ulong)rows.Count);
        foreach (var row in rows)
        {
            body.Varint(segments.PlaceOf(row.Segment));
            body.Varint(channels.PlaceOf(row.Channel));
            body.Varint(keys.PlaceOf(row.Issuer));
            body.Varint(row.Counter);
            body.Varint(row.DecidedAtMs);
            body.Byte((byte)((row.Group == Group.Control ? Control : 0) | (row.HasImpression ? Impression : 0)));
            body.Fixed64(BitConverter.DoubleToUInt64Bits(row.Propensity));
            body.Varint((ulong)row.Modules.Length);
            foreach (var module in row.Modules)
                body.Varint(keys.PlaceOf(module));
            body.Varint(row.RewardMicros);
        }
        var writer = new ArrayBufferWriter<byte>(body.WrittenCount + 256);
        writer.Byte(Format);
        writer.Fixed64(threshold);
        writer.Varint((ulong)segments.Items.Count);
        foreach (var segment in segments.Items)
        {
            writer.Text(segment.Campaign);
            writer.Fixed64(segment.Incarnation);
            writer.Text(segment.Segment);
        }
        writer.Varint((ulong)channels.Items.Count);
        foreach (var channel in channels.Items)
            writer.Text(channel);
        writer.Varint((ulong)keys.Items.Count);
        foreach (var key in keys.Items)
            writer.Fixed64(key);
        writer.Write(body.WrittenSpan);
        return writer.WrittenSpan.ToArray();
    }

    public static (ulong Threshold, IReadOnlyList<SampleRow> Rows) FromBytes(SegmentId id, ReadOnlySpan<byte> bytes)
    {
        var reader = new RecordReader(bytes);
        if (reader.Byte() != Format)
            throw new InvalidDataException($"Part {id.Segment} of the stored sample of decisions is of a format that this version does not know.");
        var threshold = reader.Fixed64();
        var (segments, channels, keys) = (new List<SegmentId>(), new List<string>(), new List<ulong>());
        for (var left = reader.Varint(); left > 0 && !reader.Failed; left--)
            segments.Add(new SegmentId(reader.Text(), reader.Fixed64(), reader.Text()));
        for (var left = reader.Varint(); left > 0 && !reader.Failed; left--)
            channels.Add(reader.Text());
        for (var left = reader.Varint(); left > 0 && !reader.Failed; left--)
            keys.Add(reader.Fixed64());
        var rows = new List<SampleRow>();
        var fits = true;
        for (var left = reader.Varint(); left > 0 && fits && !reader.Failed; left--)
            rows.Add(Row(ref reader, segments, channels, keys, ref fits));
        return fits && !reader.Failed ? (threshold, rows) : throw new InvalidDataException($"Part {id.Segment} of the stored sample of decisions is damaged.");
    }

    private static SampleRow Row(ref RecordReader reader, List<SegmentId> segments, List<string> channels, List<ulong> keys, ref bool fits)
    {
        var (segment, channel, issuer) = (At(segments, reader.Varint(), ref fits), At(channels, reader.Varint(), ref fits), At(keys, reader.Varint(), ref fits));
        var (counter, decidedAtMs, flags) = (reader.Varint(), reader.Time(), reader.Byte());
        var propensity = BitConverter.UInt64BitsToDouble(reader.Fixed64());
        var modules = ImmutableArray.CreateBuilder<ulong>();
        for (var left = reader.Varint(); left > 0 && fits && !reader.Failed; left--)
            modules.Add(At(keys, reader.Varint(), ref fits));
        var group = (flags & Control) != 0 ? Group.Control : Group.Learned;
        return new SampleRow(segment, issuer, counter, decidedAtMs, group, propensity, channel ?? "", modules.ToImmutable(), (flags & Impression) != 0, reader.Count());
    }

    private static T? At<T>(List<T> items, ulong place, ref bool fits)
    {
        if (place < (ulong)items.Count)
            return items[(int)place];
        fits = false;
        return default;
    }

    private sealed class Table<T>
        where T : notnull
    {
        private readonly Dictionary<T, int> _places = [];

        public List<T> Items { get; } = [];

        public ulong PlaceOf(T item)
        {
            if (!_places.TryGetValue(item, out var place))
            {
                _places[item] = place = Items.Count;
                Items.Add(item);
            }
            return (ulong)place;
        }
    }
}
