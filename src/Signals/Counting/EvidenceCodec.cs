using System.Buffers;
using System.Collections.Immutable;
using Flywheel.Domain.Learning.Evidence;

namespace Flywheel.Signals;

/// <summary>
/// Stored form of a segment's evidence: time, modules, buckets (start, length, impressions, reward, squares, rewards, then both
/// counts of each module), pairs, delays. Counts are varints, so that what was never served costs a byte.
/// </summary>
internal static class EvidenceCodec
{
    public static void Evidence(this ArrayBufferWriter<byte> writer, SegmentEvidence evidence)
    {
        writer.Varint(evidence.AsOfMs);
        writer.Varint((ulong)evidence.Modules.Length);
        foreach (var module in evidence.Modules)
            writer.Fixed64(module);
        writer.Varint((ulong)evidence.Buckets.Length);
        foreach (var bucket in evidence.Buckets)
        {
            writer.Varint(bucket.StartMs);
            writer.Varint(bucket.EndMs - bucket.StartMs);
            writer.Varint(bucket.Impressions);
            writer.Varint(bucket.RewardMicros);
            writer.Fixed64(BitConverter.DoubleToUInt64Bits(bucket.SquaredReward));
            writer.Varint(bucket.Rewards);
            writer.Counts(bucket.ModuleImpressions);
            writer.Counts(bucket.ModuleRewardMicros);
        }
        writer.Varint((ulong)evidence.Pairs.Length);
        foreach (var pair in evidence.Pairs)
        {
            writer.Varint((ulong)pair.First);
            writer.Varint((ulong)pair.Second);
            writer.Varint(pair.Impressions);
            writer.Varint(pair.RewardMicros);
        }
        writer.Counts(evidence.Delays);
    }

    public static SegmentEvidence Evidence(this ref RecordReader reader)
    {
        var asOfMs = reader.Time();
        var modules = ImmutableArray.CreateBuilder<ulong>();
        for (var left = reader.Varint(); left > 0 && !reader.Failed; left--)
            modules.Add(reader.Fixed64());
        var buckets = ImmutableArray.CreateBuilder<EvidenceBucket>();
        for (var left = reader.Varint(); left > 0 && !reader.Failed; left--)
        {
            var startMs = reader.Time();
            buckets.Add(new EvidenceBucket(
                startMs, startMs + reader.Time(), reader.Count(), reader.Count(), BitConverter.UInt64BitsToDouble(reader.Fixed64()), reader.Count(), reader.Counts(), reader.Counts()));
        }
        var pairs = ImmutableArray.CreateBuilder<PairTally>();
        for (var left = reader.Varint(); left > 0 && !reader.Failed; left--)
            pairs.Add(new PairTally((int)reader.Count(), (int)reader.Count(), reader.Count(), reader.Count()));
        return new SegmentEvidence(asOfMs, modules.ToImmutable(), buckets.ToImmutable(), pairs.ToImmutable(), reader.Counts());
    }

    private static void Counts(this ArrayBufferWriter<byte> writer, ImmutableArray<long> counts)
    {
        writer.Varint((ulong)counts.Length);
        foreach (var count in counts)
            writer.Varint(count);
    }

    private static ImmutableArray<long> Counts(this ref RecordReader reader)
    {
        var counts = ImmutableArray.CreateBuilder<long>();
        for (var left = reader.Varint(); left > 0 && !reader.Failed; left--)
            counts.Add(reader.Count());
        return counts.ToImmutable();
    }
}
