using System.Buffers;

namespace Flywheel.Signals.Redis;

/// <summary>The stored forms that are Redis' own. Values begin with a format; names do not, since another form would be another name.</summary>
internal static class RedisCodec
{
    private const byte Format = 1;

    /// <summary>Campaign, incarnation, segment.</summary>
    public static byte[] WriteSegmentName(SegmentId id)
    {
        var writer = new ArrayBufferWriter<byte>(64);
        writer.Text(id.Campaign);
        writer.Fixed64(id.Incarnation);
        writer.Text(id.Segment);
        return writer.WrittenSpan.ToArray();
    }

    public static SegmentId ReadSegmentName(ReadOnlySpan<byte> name)
    {
        var reader = new RecordReader(name);
        var id = new SegmentId(reader.Text(), reader.Fixed64(), reader.Text());
        return Whole(reader) ? id : throw Damaged("name of a segment");
    }

    /// <summary>Issuer, type, page.</summary>
    public static byte[] WritePageName(PageKey key)
    {
        var writer = new ArrayBufferWriter<byte>(24);
        writer.Fixed64(key.Issuer);
        writer.Fixed64(key.Type);
        writer.Fixed64(key.Page);
        return writer.WrittenSpan.ToArray();
    }

    public static PageKey ReadPageName(ReadOnlySpan<byte> name)
    {
        var reader = new RecordReader(name);
        var key = new PageKey(reader.Fixed64(), reader.Fixed64(), reader.Fixed64());
        return Whole(reader) ? key : throw Damaged("name of a page of remembered signals");
    }

    /// <summary>Format (1), expires at, bits.</summary>
    public static byte[] WritePage(StoredPage page)
    {
        var writer = new ArrayBufferWriter<byte>(9 + page.Bits.Length);
        writer.Byte(Format);
        writer.Fixed64((ulong)page.ExpiresAtMs);
        writer.Write(page.Bits);
        return writer.WrittenSpan.ToArray();
    }

    public static DedupePage ReadPage(ReadOnlySpan<byte> bytes)
    {
        var reader = ReaderOf(bytes, "page of remembered signals");
        var expiresAtMs = (long)reader.Fixed64();
        var bits = reader.Rest();
        return !reader.Failed && bits.Length == DedupePage.Bits / 8 ? new DedupePage(bits, expiresAtMs) : throw Damaged("page of remembered signals");
    }

    /// <summary>Format (1), id, expires at, issuer, counter, weight.</summary>
    public static byte[] WriteId(RememberedId id)
    {
        var writer = new ArrayBufferWriter<byte>(49);
        writer.Byte(Format);
        writer.Fixed128(id.Id);
        writer.Fixed64((ulong)id.ExpiresAtMs);
        writer.Fixed64(id.Issuer);
        writer.Fixed64(id.Counter);
        writer.Fixed64((ulong)id.WeightMicros);
        return writer.WrittenSpan.ToArray();
    }

    public static RememberedId ReadId(ReadOnlySpan<byte> bytes)
    {
        var reader = ReaderOf(bytes, "remembered id");
        var id = new RememberedId(reader.Fixed128(), (long)reader.Fixed64(), reader.Fixed64(), reader.Fixed64(), (long)reader.Fixed64());
        return Whole(reader) ? id : throw Damaged("remembered id");
    }

    /// <summary>Format (1), offset, reason, body.</summary>
    public static byte[] WriteRecord(QuarantinedRecord record)
    {
        var writer = new ArrayBufferWriter<byte>(16 + record.Reason.Length + record.Body.Length);
        writer.Byte(Format);
        writer.Varint(record.Offset);
        writer.Text(record.Reason);
        writer.Write(record.Body);
        return writer.WrittenSpan.ToArray();
    }

    public static QuarantinedRecord ReadRecord(ReadOnlySpan<byte> bytes)
    {
        var reader = ReaderOf(bytes, "quarantined record");
        var record = new QuarantinedRecord(reader.Count(), reader.Text(), reader.Rest().ToArray());
        return reader.Failed ? throw Damaged("quarantined record") : record;
    }

    private static RecordReader ReaderOf(ReadOnlySpan<byte> bytes, string what)
    {
        var reader = new RecordReader(bytes);
        return reader.Byte() == Format ? reader : throw new InvalidDataException($"The stored {what} is of a format that this version does not know.");
    }

    private static bool Whole(RecordReader reader) => reader is { Failed: false, AtEnd: true };

    private static InvalidDataException Damaged(string what) => new($"The stored {what} is damaged.");
}
