using System.Buffers;
using System.Collections.Immutable;
using Flywheel.Domain.Learning.Checkpoints;

namespace Flywheel.Signals;

/// <summary>Stored form of what is left out: rollbacks, when the last was, impressions, reward, spans. A span is its start and its length.</summary>
internal static class LeftOutCodec
{
    public static void LeftOut(this ArrayBufferWriter<byte> writer, LeftOut leftOut)
    {
        writer.Varint(leftOut.Rollbacks);
        writer.Varint(leftOut.LastMs);
        writer.Varint(leftOut.Impressions);
        writer.Varint(leftOut.RewardMicros);
        writer.Spans(leftOut.Spans);
    }

    public static LeftOut LeftOut(this ref RecordReader reader) => new(reader.Count(), reader.Time(), reader.Count(), reader.Count(), reader.Spans());

    public static void Spans(this ArrayBufferWriter<byte> writer, ImmutableArray<LeftOutSpan> spans)
    {
        writer.Varint((ulong)spans.Length);
        foreach (var span in spans)
        {
            writer.Varint(span.AfterMs);
            writer.Varint(span.UpToMs - span.AfterMs);
        }
    }

    public static ImmutableArray<LeftOutSpan> Spans(this ref RecordReader reader)
    {
        var spans = ImmutableArray.CreateBuilder<LeftOutSpan>();
        for (var left = reader.Varint(); left > 0 && !reader.Failed; left--)
        {
            var afterMs = reader.Time();
            spans.Add(new LeftOutSpan(afterMs, afterMs + reader.Time()));
        }
        return spans.ToImmutable();
    }
}
