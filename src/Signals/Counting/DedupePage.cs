using System.Buffers.Binary;

namespace Flywheel.Signals;

/// <summary>One bit for each of 4,096 consecutive decisions: whether a signal of a type was counted.</summary>
public sealed class DedupePage
{
    public const int Bits = 4_096;

    private readonly ulong[] _words;

    public DedupePage() => _words = new ulong[Bits / 64];

    public DedupePage(ReadOnlySpan<byte> bytes, long expiresAtMs)
        : this()
    {
        for (var i = 0; i < _words.Length; i++)
            _words[i] = BinaryPrimitives.ReadUInt64BigEndian(bytes[(i * 8)..]);
        ExpiresAtMs = expiresAtMs;
    }

    /// <summary>When the last of its decisions leaves the attribution window, Unix time in milliseconds.</summary>
    public long ExpiresAtMs { get; private set; }

    /// <summary>Whose it is; null where it was read from the store and nothing was added since.</summary>
    internal DedupeShare? Share { get; set; }

    public bool IsSet(ulong counter) => (_words[(counter % Bits) / 64] >> (int)(counter % 64) & 1) == 1;

    public void Set(ulong counter, long expiresAtMs)
    {
        _words[(counter % Bits) / 64] |= 1UL << (int)(counter % 64);
        ExpiresAtMs = Math.Max(ExpiresAtMs, expiresAtMs);
    }

    public byte[] ToBytes()
    {
        var bytes = new byte[Bits / 8];
        for (var i = 0; i < _words.Length; i++)
            BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(i * 8), _words[i]);
        return bytes;
    }
}
