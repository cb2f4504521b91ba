using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Flywheel.Decisions;

/// <summary>
/// Works out the keys of leases: HMAC-SHA256 under the engine's key, of a label and what the lease allows. Keys of leases whose tokens
/// were found genuine are remembered, up to a bound, so that forged ones push nothing out.
/// </summary>
internal sealed class LeaseKeys
{
    private const int Remembered = 4_096;

    private readonly ConcurrentDictionary<LeaseTerms, byte[]> _verified = new();

    /// <summary>Begins with no byte that a token or a lease begins with, so that a key is never a signature of either.</summary>
    private static ReadOnlySpan<byte> Label => "flywheel lease key 1\0"u8;

    public static byte[] Derive(byte[] engineKey, in LeaseTerms terms)
    {
        Span<byte> text = stackalloc byte[Label.Length + 32];
        Label.CopyTo(text);
        var members = text[Label.Length..];
        BinaryPrimitives.WriteUInt64BigEndian(members, terms.Incarnation);
        BinaryPrimitives.WriteUInt64BigEndian(members[8..], terms.Issuer);
        BinaryPrimitives.WriteUInt64BigEndian(members[16..], terms.Counters);
        BinaryPrimitives.WriteInt64BigEndian(members[24..], terms.ExpiresAtMs);
        var key = new byte[HMACSHA256.HashSizeInBytes];
        KeyedHash.Compute(engineKey, text, key);
        return key;
    }

    /// <summary>Whether <paramref name="tag"/>, of 1 to 32 bytes, begins the signature of <paramref name="data"/> under the lease's key.</summary>
    public bool Verify(byte[] engineKey, in LeaseTerms terms, ReadOnlySpan<byte> data, ReadOnlySpan<byte> tag)
    {
        Span<byte> right = stackalloc byte[HMACSHA256.HashSizeInBytes];
        if (_verified.TryGetValue(terms, out var known))
        {
            KeyedHash.Compute(known, data, right);
            return CryptographicOperations.FixedTimeEquals(right[..tag.Length], tag);
        }
        var key = Derive(engineKey, terms);
        HMACSHA256.HashData(key, data, right);
        if (!CryptographicOperations.FixedTimeEquals(right[..tag.Length], tag))
            return false;
        if (_verified.Count >= Remembered)
            _verified.Clear();
        _verified.TryAdd(terms, key);
        return true;
    }
}
