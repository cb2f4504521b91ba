using System.Buffers.Binary;
using System.Buffers.Text;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

namespace Flywheel.Decisions;

/// <summary>
/// The keys that tokens are signed and checked with, and leases are given under. The first one signs; the others still verify, so that
/// keys can rotate.
/// </summary>
public sealed class TokenKeys
{
    public const int KeyBytes = 32;

    /// <summary>Not one that a token begins with.</summary>
    private const byte LeaseFormat = 3;
    private const int LeaseFixedBytes = 37;
    private const int TagBytes = 16;

    private readonly FrozenDictionary<uint, byte[]> _keys;
    private readonly LeaseKeys _leases = new();

    /// <param name="keys">Id and 32 bytes each; the first signs.</param>
    public TokenKeys(IReadOnlyList<KeyValuePair<uint, byte[]>> keys)
    {
        if (keys.Count == 0 || keys.Any(key => key.Value.Length < KeyBytes))
            throw new ArgumentException($"At least one key of {KeyBytes} bytes or more is needed.", nameof(keys));
        SigningKeyId = keys[0].Key;
        SigningKey = keys[0].Value;
        _keys = keys.ToFrozenDictionary();
    }

    public uint SigningKeyId { get; }

    internal byte[] SigningKey { get; }

    /// <summary>Gives a lease under an issuer of its own.</summary>
    /// <param name="campaign">The campaign's id.</param>
    /// <param name="incarnation">The life of the campaign.</param>
    /// <param name="counters">The bound of counters, 1 or more.</param>
    /// <param name="expiresAtMs">Unix time in milliseconds; cut to a whole second.</param>
    public TokenLease Grant(string campaign, ulong incarnation, ulong counters, long expiresAtMs)
    {
        ArgumentOutOfRangeException.ThrowIfZero(counters);
        var issuer = BinaryPrimitives.ReadUInt64BigEndian(RandomNumberGenerator.GetBytes(8));
        return LeaseOf(SigningKeyId, campaign, new LeaseTerms(SigningKeyId, incarnation, issuer == 0 ? 1 : issuer, counters, expiresAtMs / 1_000 * 1_000));
    }

    /// <summary>The lease as text that its holder shows with every report: signed, and without the key.</summary>
    /// <remarks>Bytes: format (1), key id (4), incarnation (8), issuer (8), counters (8), end in ms (8), campaign (the rest), signature (16).</remarks>
    public string Write(TokenLease lease)
    {
        var payload = new byte[LeaseFixedBytes + lease.Campaign.Length + TagBytes];
        payload[0] = LeaseFormat;
        BinaryPrimitives.WriteUInt32BigEndian(payload.AsSpan(1), lease.KeyId);
        BinaryPrimitives.WriteUInt64BigEndian(payload.AsSpan(5), lease.Incarnation);
        BinaryPrimitives.WriteUInt64BigEndian(payload.AsSpan(13), lease.Issuer);
        BinaryPrimitives.WriteUInt64BigEndian(payload.AsSpan(21), lease.Counters);
        BinaryPrimitives.WriteInt64BigEndian(payload.AsSpan(29), lease.ExpiresAtMs);
        Encoding.ASCII.GetBytes(lease.Campaign, payload.AsSpan(LeaseFixedBytes));
        Span<byte> tag = stackalloc byte[HMACSHA256.HashSizeInBytes];
        KeyedHash.Compute(_keys[lease.KeyId], payload.AsSpan(..^TagBytes), tag);
        tag[..TagBytes].CopyTo(payload.AsSpan(payload.Length - TagBytes));
        return Base64Url.EncodeToString(payload);
    }

    /// <summary>Reads what <see cref="Write"/> wrote; null where this is no lease of these keys. It may have ended.</summary>
    public TokenLease? ReadLease(ReadOnlySpan<char> text)
    {
        Span<byte> bytes = stackalloc byte[LeaseFixedBytes + Ids.MaxLength + TagBytes];
        if (text.Length > Base64Url.GetEncodedLength(bytes.Length) || !Base64Url.IsValid(text) || !Base64Url.TryDecodeFromChars(text, bytes, out var length)
            || length <= LeaseFixedBytes + TagBytes || bytes[0] != LeaseFormat)
            return null;
        var keyId = BinaryPrimitives.ReadUInt32BigEndian(bytes[1..]);
        if (!TryGet(keyId, out var key))
            return null;
        Span<byte> tag = stackalloc byte[HMACSHA256.HashSizeInBytes];
        KeyedHash.Compute(key!, bytes[..(length - TagBytes)], tag);
        if (!CryptographicOperations.FixedTimeEquals(tag[..TagBytes], bytes[(length - TagBytes)..length]))
            return null;
        return LeaseOf(keyId, Encoding.ASCII.GetString(bytes[LeaseFixedBytes..(length - TagBytes)]), new LeaseTerms(
            keyId,
            BinaryPrimitives.ReadUInt64BigEndian(bytes[5..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[13..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[21..]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[29..])));
    }

    internal bool TryGet(uint id, out byte[]? key) => _keys.TryGetValue(id, out key);

    /// <summary>Whether the holder of a lease on these terms signed <paramref name="data"/>. The key they name has to be there.</summary>
    internal bool VerifyLeased(in LeaseTerms terms, ReadOnlySpan<byte> data, ReadOnlySpan<byte> tag) => _leases.Verify(_keys[terms.KeyId], terms, data, tag);

    private TokenLease LeaseOf(uint keyId, string campaign, in LeaseTerms terms) =>
        new(keyId, campaign, terms.Incarnation, terms.Issuer, terms.Counters, terms.ExpiresAtMs, LeaseKeys.Derive(_keys[keyId], terms));
}
