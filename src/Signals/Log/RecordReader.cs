using System.Buffers.Binary;
using System.Text;

namespace Flywheel.Signals;

/// <summary>
/// Reads what <see cref="RecordWriter"/> wrote. Never throws: past the first member that does not fit, <see cref="Failed"/> is
/// set and everything reads as zero or empty.
/// </summary>
internal ref struct RecordReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public bool Failed { get; private set; }

    public readonly bool AtEnd => _rest.IsEmpty;

    public byte Byte() => Take(1) is [var value] ? value : (byte)0;

    public ulong Varint()
    {
        if (!Failed && Flywheel.Decisions.Varint.TryRead(ref _rest, out var value))
            return value;
        Failed = true;
        return 0;
    }

    public long Count()
    {
        var value = Varint();
        if (value <= long.MaxValue)
            return (long)value;
        Failed = true;
        return 0;
    }

    /// <summary>Unix time in milliseconds, up to the year 9999.</summary>
    public long Time() => AtMost(253_402_300_799_999);

    /// <summary>A length of time in seconds, up to a year.</summary>
    public uint Seconds() => (uint)AtMost(31_622_400);

    /// <summary>A reward in millionths, up to a million.</summary>
    public long Amount() => AtMost(1_000_000_000_000);

    public ulong Fixed64() => Take(8) is { Length: 8 } bytes ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : 0;

    public UInt128 Fixed128() => Take(16) is { Length: 16 } bytes ? BinaryPrimitives.ReadUInt128BigEndian(bytes) : 0;

    public ReadOnlySpan<byte> Bytes() => Take(Varint());

    public string Text() => Encoding.UTF8.GetString(Bytes());

    public ReadOnlySpan<byte> Rest() => Take((ulong)_rest.Length);

    private long AtMost(long most)
    {
        var value = Count();
        if (value <= most)
            return value;
        Failed = true;
        return 0;
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (Failed || length > (ulong)_rest.Length)
        {
            Failed = true;
            return default;
        }
        var taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }
}
