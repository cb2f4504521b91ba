using System.Buffers;
using System.IO.Compression;
using Flywheel.Domain.Learning.Checkpoints;
using Flywheel.Domain.Learning.Evidence;

namespace Flywheel.Signals;

/// <summary>
/// What one segment's policy can go back to: states of its evidence, packed together, since they have most of their buckets in common.
/// </summary>
/// <remarks>
/// Stored form: the counts of a segment that has counted nothing, which is all that an earlier version sees of it; then format (1), each
/// checkpoint (at, kept at, kind, impressions, reward, what was left out, length of its evidence), and the evidence of all, each in the form
/// of <see cref="EvidenceCodec"/>, compressed as one (Brotli, RFC 7932).
/// </remarks>
internal sealed class SegmentCheckpoints
{
    private const byte Format = 1;
    private const int Most = CheckpointRule.MostRegular + CheckpointRule.MostOfRollbacks;

    /// <summary>Five times what a segment's evidence can take.</summary>
    private const long MaxEvidenceBytes = 1024 * 1024;

    /// <summary>A millisecond for a segment of 4 KB; the window is as wide as all of it, so that what is alike is found.</summary>
    private const int Quality = 3;
    private const int LeastWindowBits = 16;
    private const int MostWindowBits = 22;

    /// <summary>No campaign has a name that begins so: ids begin with a letter, a digit or a hyphen.</summary>
    private const string NamePrefix = "\u0001checkpoints/";

    /// <summary>See <see cref="SegmentState"/>, format 2.</summary>
    private static ReadOnlySpan<byte> Nothing => [2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    private readonly List<PolicyCheckpoint> _kept = [];
    private readonly List<int> _lengths = [];
    private byte[] _packed = [];

    public IReadOnlyList<PolicyCheckpoint> Kept => _kept;

    /// <summary>The id that a segment's checkpoints are committed under, among the segments.</summary>
    public static SegmentId IdOf(SegmentId segment) => segment with { Campaign = NamePrefix + segment.Campaign };

    public static bool IsOne(SegmentId id) => id.Campaign.StartsWith(NamePrefix, StringComparison.Ordinal);

    /// <summary>The segment that an id of checkpoints is about.</summary>
    public static SegmentId SegmentOf(SegmentId id) => id with { Campaign = id.Campaign[NamePrefix.Length..] };

    /// <summary>Keeps a state, and lets go of those that it makes spare.</summary>
    public void Keep(PolicyCheckpoint checkpoint, SegmentEvidence evidence)
    {
        var states = Unpack();
        var writer = new ArrayBufferWriter<byte>(1_024);
        writer.Evidence(evidence);
        states.Add(writer.WrittenMemory);
        _kept.Add(checkpoint);
        while (CheckpointRule.Spare(_kept, checkpoint.KeptAtMs) is >= 0 and var spare)
        {
            _kept.RemoveAt(spare);
            states.RemoveAt(spare);
        }
        Pack(states);
    }

    public SegmentEvidence EvidenceOf(int place)
    {
        var reader = new RecordReader(Unpack()[place].Span);
        var evidence = reader.Evidence();
        return reader.Failed || !evidence.IsSound() ? throw Damaged() : evidence;
    }

    public byte[] ToBytes()
    {
        var writer = new ArrayBufferWriter<byte>(_packed.Length + 512);
        writer.Write(Nothing);
        writer.Byte(Format);
        writer.Varint((ulong)_kept.Count);
        foreach (var (checkpoint, length) in _kept.Zip(_lengths))
        {
            writer.Varint(checkpoint.AtMs);
            writer.Varint(checkpoint.KeptAtMs);
            writer.Byte((byte)checkpoint.Kind);
            writer.Varint(checkpoint.Impressions);
            writer.Varint(checkpoint.RewardMicros);
            writer.Spans(checkpoint.LeftOut);
            writer.Varint((ulong)length);
        }
        writer.Write(_packed);
        return writer.WrittenSpan.ToArray();
    }

    public static SegmentCheckpoints FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.StartsWith(Nothing))
            throw Damaged();
        var reader = new RecordReader(bytes[Nothing.Length..]);
        if (reader.Byte() != Format)
            throw new InvalidDataException("The stored checkpoints of a segment are of a format that this version does not know.");
        var checkpoints = new SegmentCheckpoints();
        var count = reader.Varint();
        for (var left = Math.Min(count, Most + 1); left > 0 && !reader.Failed; left--)
        {
            checkpoints._kept.Add(new PolicyCheckpoint(reader.Time(), reader.Time(), (CheckpointKind)reader.Byte(), reader.Count(), reader.Count(), reader.Spans()));
            checkpoints._lengths.Add((int)Math.Min(reader.Varint(), MaxEvidenceBytes));
        }
        checkpoints._packed = reader.Rest().ToArray();
        return reader.Failed || count > Most ? throw Damaged() : checkpoints;
    }

    private List<ReadOnlyMemory<byte>> Unpack()
    {
        var bytes = new byte[_lengths.Sum()];
        if (bytes.Length > 0 && (!BrotliDecoder.TryDecompress(_packed, bytes, out var written) || written != bytes.Length))
            throw Damaged();
        var (states, from) = (new List<ReadOnlyMemory<byte>>(_lengths.Count + 1), 0);
        foreach (var length in _lengths)
        {
            states.Add(bytes.AsMemory(from, length));
            from += length;
        }
        return states;
    }

    private void Pack(List<ReadOnlyMemory<byte>> states)
    {
        _lengths.Clear();
        _lengths.AddRange(states.Select(state => state.Length));
        var (bytes, from) = (new byte[_lengths.Sum()], 0);
        foreach (var state in states)
        {
            state.CopyTo(bytes.AsMemory(from));
            from += state.Length;
        }
        var packed = new byte[BrotliEncoder.GetMaxCompressedLength(bytes.Length)];
        var window = Math.Clamp((int)Math.Ceiling(Math.Log2(bytes.Length + 1)), LeastWindowBits, MostWindowBits);
        if (!BrotliEncoder.TryCompress(bytes, packed, out var written, Quality, window))
            throw new InvalidOperationException($"{bytes.Length} bytes of checkpoints could not be compressed into {packed.Length}.");
        _packed = packed[..written];
    }

    private static InvalidDataException Damaged() => new("The stored checkpoints of a segment are damaged.");
}
