using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Flywheel.Decisions;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Experiments.OffPolicy;

namespace Flywheel.Signals;

/// <summary>
/// A uniform sample of a partition's randomised decisions, with their propensities and what they earned. A decision is in it
/// where the hash of its identity is not above a threshold, and the threshold halves when the sample grows too large: so
/// whether a decision is in it depends on nothing that it earned, and all of its signals, whenever they come, find it or none do.
/// </summary>
/// <remarks>
/// It is committed in <see cref="Chunks"/> parts by the low byte of the hash, so that a commit writes what changed and not the
/// whole. The threshold never rises again: decisions that were let go of cannot be brought back.
/// </remarks>
internal sealed class DecisionSample
{
    /// <summary>Decisions kept, a partition.</summary>
    public const int MaxRows = 16_384;

    public const int Chunks = 256;

    /// <summary>No campaign has this name: their ids are of <see cref="Ids.Pattern"/>.</summary>
    private const string Name = "\u0001sample";

    /// <summary>A sum of shares may come out a little above 1.</summary>
    private const double RoundingAboveOne = 1e-9;

    private readonly Dictionary<ulong, SampleRow>[] _chunks = [.. Enumerable.Range(0, Chunks).Select(_ => new Dictionary<ulong, SampleRow>())];
    private readonly SortedSet<int> _changed = [];

    /// <summary>One instance of each name: entries bring their own.</summary>
    private readonly Dictionary<SegmentId, SegmentId> _segments = [];
    private readonly HashSet<string> _channels = new(StringComparer.Ordinal);

    /// <summary>The largest hash of a decision that is kept.</summary>
    public ulong Threshold { get; private set; } = ulong.MaxValue;

    /// <summary>Rows, those without an impression included.</summary>
    public int Count { get; private set; }

    public IEnumerable<SampleRow> Rows => _chunks.SelectMany(chunk => chunk.Values);

    /// <summary>The id that a part of the sample is committed under, among the segments.</summary>
    public static SegmentId ChunkId(int chunk) => new(Name, 0, chunk.ToString(CultureInfo.InvariantCulture));

    public static bool IsChunk(SegmentId id) => id.Campaign == Name;

    public static ulong HashOf(ulong issuer, ulong counter) => Mixing.Spread(issuer ^ Mixing.Spread(counter));

    /// <summary>Adds what one counted signal says. What says nothing of a row, or is of a decision without a known propensity, is passed over.</summary>
    public void Add(SegmentId segment, in DecisionSignal signal, bool isImpression, long rewardMicros)
    {
        if ((!isImpression && rewardMicros == 0) || signal.Propensity is not (>= DecisionLog.LeastPropensity and <= 1 + RoundingAboveOne)
            || signal.ModuleKeys.Length > 8 * Limits.SlotsPerCampaign)
            return;
        var hash = HashOf(signal.Issuer, signal.Counter);
        if (hash > Threshold)
            return;
        var row = _chunks[ChunkOf(hash)].GetValueOrDefault(hash) ?? NewRow(segment, signal);
        if (row.Issuer != signal.Issuer || row.Counter != signal.Counter)
            return;
        Put(hash, row with { HasImpression = row.HasImpression || isImpression, RewardMicros = Saturating.Add(row.RewardMicros, rewardMicros) });
        _changed.Add(ChunkOf(hash));
        while (Count > MaxRows)
            Halve();
    }

    public void Forget(Func<SegmentId, bool> isForgotten)
    {
        RemoveWhere((_, row) => isForgotten(row.Segment));
        foreach (var segment in _segments.Keys.Where(isForgotten).ToArray())
            _segments.Remove(segment);
        _channels.Clear();
    }

    /// <summary>The stored form of each part that changed since the last call.</summary>
    public IEnumerable<KeyValuePair<SegmentId, byte[]>> TakeChanges()
    {
        foreach (var chunk in _changed)
            yield return new(ChunkId(chunk), SampleCodec.ToBytes(Threshold, [.. _chunks[chunk].OrderBy(row => row.Key).Select(row => row.Value)]));
        _changed.Clear();
    }

    /// <summary>Takes in a stored part. Parts that did not change when the threshold fell still name an older one: the smallest holds.</summary>
    public void Load(SegmentId id, ReadOnlySpan<byte> bytes)
    {
        var (threshold, rows) = SampleCodec.FromBytes(id, bytes);
        Threshold = Math.Min(Threshold, threshold);
        foreach (var row in rows)
            Put(HashOf(row.Issuer, row.Counter), row);
    }

    private static int ChunkOf(ulong hash) => (int)(hash % Chunks);

    private static SampleRow NewRow(SegmentId segment, in DecisionSignal signal)
    {
        var modules = ImmutableArray.CreateBuilder<ulong>(signal.ModuleKeys.Length / 8);
        for (var rest = signal.ModuleKeys; !rest.IsEmpty; rest = rest[8..])
            modules.Add(BinaryPrimitives.ReadUInt64BigEndian(rest));
        return new SampleRow(
            segment, signal.Issuer, signal.Counter, signal.IssuedAtMs, signal.Group, Math.Min(1, signal.Propensity),
            Encoding.ASCII.GetString(signal.Channel), modules.MoveToImmutable(), false, 0);
    }

    private void Put(ulong hash, SampleRow row)
    {
        var chunk = _chunks[ChunkOf(hash)];
        if (!chunk.ContainsKey(hash))
        {
            Count++;
            row = row with { Segment = Known(row.Segment), Channel = Known(row.Channel) };
        }
        chunk[hash] = row;
    }

    private SegmentId Known(SegmentId segment)
    {
        if (_segments.TryGetValue(segment, out var known))
            return known;
        return _segments[segment] = segment;
    }

    private string Known(string channel)
    {
        if (_channels.TryGetValue(channel, out var known))
            return known;
        _channels.Add(channel);
        return channel;
    }

    private void Halve()
    {
        Threshold >>= 1;
        RemoveWhere((hash, _) => hash > Threshold);
    }

    private void RemoveWhere(Func<ulong, SampleRow, bool> isGone)
    {
        for (var chunk = 0; chunk < Chunks; chunk++)
        {
            var before = _chunks[chunk].Count;
            foreach (var (hash, row) in _chunks[chunk])
            {
                if (isGone(hash, row))
                    _chunks[chunk].Remove(hash);
            }
            if (_chunks[chunk].Count == before)
                continue;
            Count -= before - _chunks[chunk].Count;
            _changed.Add(chunk);
        }
    }
}
