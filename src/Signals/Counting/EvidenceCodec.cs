using System.Buffers;
using System.Collections.Immutable;
using Flywheel.Domain.Learning.Evidence;

namespace Flywheel.Signals;

/// <summary>
/// Stored form of a segment's evidence: time, modules, buckets (start, length, impressions, reward, squares, rewards, then both
/// counts of each module), whether there were too many pairs, pairs, delays. Counts are varints, so that what was never served costs a byte.
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
        writer.Byte(evidence.TooManyPairs ? (byte)1 : (byte)0);
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
        var tooManyPairs = reader.Byte() != 0;
        var pairs = ImmutableArray.CreateBuilder<PairTally>();
        for (var left = reader.Varint(); left > 0 && !reader.Failed; left--)
            pairs.Add(new PairTally((int)Math.Min(reader.Count(), int.MaxValue), (int)Math.Min(reader.Count(), int.MaxValue), reader.Count(), reader.Count()));
        return new SegmentEvidence(asOfMs, modules.ToImmutable(), buckets.ToImmutable(), pairs.ToImmutable(), reader.Counts()) { TooManyPairs = tooManyPairs };
    }

    /// <summary>Whether what was read could have been written: places are of modules, counts of a length, sums are numbers.</summary>
    public static bool IsSound(this SegmentEvidence evidence)
    {
        var modules = evidence.Modules.Length;
        return modules <= EvidenceTable.MaxModules
            && evidence.Modules.Distinct().Count() == modules
            && evidence.Delays.Length <= DelayBins.Count
            && evidence.Buckets.All(bucket => bucket.ModuleImpressions.Length <= modules
                && bucket.ModuleRewardMicros.Length == bucket.ModuleImpressions.Length
                && bucket.SquaredReward is >= 0 and < double.PositiveInfinity)
            && evidence.Pairs.Length <= EvidenceTable.MaxPairs
            && evidence.Pairs.All(pair => pair.First < modules && pair.Second < modules);
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
