using System.Buffers;
using Flywheel.Domain.Learning;

namespace Flywheel.Signals;

/// <summary>What a partition remembers beside its segments: its ledger over all time, and campaigns that were deleted lately.</summary>
/// <remarks>Stored form: format (1), the five figures of the ledger, log time, tombstones (campaign, incarnation, until).</remarks>
internal sealed class PartitionSummary
{
    private const byte Format = 1;
    private const long TombstoneMs = 3_600_000;
    private const int MaxTombstones = 1_000;

    private readonly Dictionary<string, (ulong Incarnation, long UntilMs)> _tombstones = new(StringComparer.Ordinal);

    private long _earliestUntilMs;

    public SignalLedger Ledger { get; set; }

    /// <summary>The latest time that an entry was accepted at.</summary>
    public long LogTimeMs { get; private set; }

    public void Advance(long acceptedAtMs)
    {
        LogTimeMs = Math.Max(LogTimeMs, acceptedAtMs);
        if (LogTimeMs < _earliestUntilMs)
            return;
        foreach (var (campaign, tombstone) in _tombstones)
        {
            if (tombstone.UntilMs < LogTimeMs)
                _tombstones.Remove(campaign);
        }
        _earliestUntilMs = _tombstones.Values.Select(tombstone => tombstone.UntilMs).DefaultIfEmpty(long.MaxValue).Min();
    }

    public void Bury(string campaign, ulong incarnation)
    {
        if (_tombstones.Count >= MaxTombstones)
            _tombstones.Remove(_tombstones.MinBy(tombstone => tombstone.Value.UntilMs).Key);
        _tombstones[campaign] = (incarnation, LogTimeMs + TombstoneMs);
        _earliestUntilMs = Math.Min(_earliestUntilMs, LogTimeMs + TombstoneMs);
    }

    public bool IsBuried(SegmentId segment) =>
        _tombstones.TryGetValue(segment.Campaign, out var tombstone) && segment.Incarnation <= tombstone.Incarnation;

    public byte[] ToBytes()
    {
        var writer = new ArrayBufferWriter<byte>();
        writer.Byte(Format);
        writer.Ledger(Ledger);
        writer.Varint(LogTimeMs);
        writer.Varint((ulong)_tombstones.Count);
        foreach (var (campaign, (incarnation, until)) in _tombstones.OrderBy(tombstone => tombstone.Key, StringComparer.Ordinal))
        {
            writer.Text(campaign);
            writer.Fixed64(incarnation);
            writer.Varint(until);
        }
        return writer.WrittenSpan.ToArray();
    }

    public static PartitionSummary FromBytes(ReadOnlySpan<byte> bytes)
    {
        var summary = new PartitionSummary();
        if (bytes.IsEmpty)
            return summary;
        var reader = new RecordReader(bytes);
        if (reader.Byte() != Format)
            throw new InvalidDataException("The stored summary of a partition is of a format that this version does not know.");
        summary.Ledger = reader.Ledger();
        summary.LogTimeMs = reader.Count();
        for (var left = reader.Varint(); left > 0 && !reader.Failed; left--)
            summary._tombstones[reader.Text()] = (reader.Fixed64(), reader.Count());
        return reader.Failed ? throw new InvalidDataException("The stored summary of a partition is damaged.") : summary;
    }
}
