namespace Flywheel.Decisions;

/// <summary>Unsigned LEB128: seven bits a byte, lowest first; at most 10 bytes.</summary>
public static class Varint
{
    public const int MaxBytes = 10;

    public static int Write(Span<byte> bytes, ulong value)
    {
        var at = 0;
        for (; value >= 0x80; value >>= 7)
            bytes[at++] = (byte)(value | 0x80);
        bytes[at++] = (byte)value;
        return at;
    }

    public static bool TryRead(scoped ref ReadOnlySpan<byte> bytes, out ulong value)
    {
        value = 0;
        for (var at = 0; at < bytes.Length && at < MaxBytes; at++)
        {
            // The tenth byte has room for one bit alone.
            if (at == MaxBytes - 1 && bytes[at] > 1)
                return false;
            value |= (ulong)(bytes[at] & 0x7F) << (7 * at);
            if (bytes[at] >= 0x80)
                continue;
            bytes = bytes[(at + 1)..];
            return true;
        }
        return false;
    }
}
