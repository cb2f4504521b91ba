using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Flywheel.Signals;

/// <summary>Writes the primitives of stored records: varints, fixed big-endian numbers, and length-prefixed bytes.</summary>
internal static class RecordWriter
{
    public static void Byte(this ArrayBufferWriter<byte> writer, byte value)
    {
        writer.GetSpan(1)[0] = value;
        writer.Advance(1);
    }

    public static void Varint(this ArrayBufferWriter<byte> writer, ulong value) =>
        writer.Advance(Flywheel.Decisions.Varint.Write(writer.GetSpan(Flywheel.Decisions.Varint.MaxBytes), value));

    public static void Varint(this ArrayBufferWriter<byte> writer, long value) => writer.Varint(checked((ulong)value));

    public static void Fixed64(this ArrayBufferWriter<byte> writer, ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(writer.GetSpan(8), value);
        writer.Advance(8);
    }

    public static void Fixed128(this ArrayBufferWriter<byte> writer, UInt128 value)
    {
        BinaryPrimitives.WriteUInt128BigEndian(writer.GetSpan(16), value);
        writer.Advance(16);
    }

    public static void Bytes(this ArrayBufferWriter<byte> writer, ReadOnlySpan<byte> value)
    {
        writer.Varint((ulong)value.Length);
        writer.Write(value);
    }

    public static void Text(this ArrayBufferWriter<byte> writer, string value)
    {
        writer.Varint((ulong)Encoding.UTF8.GetByteCount(value));
        Encoding.UTF8.GetBytes(value, writer);
    }
}
