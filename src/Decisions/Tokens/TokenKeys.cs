using System.Buffers.Binary;
using System.Buffers.Text;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

namespace Flywheel.Decisions;

/// <summary>
/// The keys that tokens are signed and checked with, and leases are given under. The first one signs; the others still verify, so that
/// keys can rotate. Safe to use from any thread while they do.
/// </summary>
public sealed class TokenKeys
{
    public const int KeyBytes = 32;

    /// <summary>Not one that a token begins with.</summary>
    private const byte LeaseFormat = 3;
    private const int LeaseFixedBytes = 37;
    private const int TagBytes = 16;

    private Ring _ring;

    /// <param name="keys">Id and 32 bytes each; the first signs.</param>
    /// <param name="periods">When each signs; always, for those that it leaves out.</param>
    public TokenKeys(IReadOnlyList<KeyValuePair<uint, byte[]>> keys, IReadOnlyDictionary<uint, SigningPeriod>? periods = null) => _ring = new Ring(keys, periods);

    /// <summary>All keys; the first signs.</summary>
    public IReadOnlyList<byte[]> All => [.. Now.Keys.Select(key => key.Value)];

    public uint SigningKeyId => Signing.Key;

    /// <summary>The key that signs now.</summary>
    internal KeyValuePair<uint, byte[]> Signing => Now.Keys[0];

    private Ring Now => Volatile.Read(ref _ring);

    /// <summary>Takes these keys from now on. Does nothing where they are the same.</summary>
    /// <param name="keys">As at first.</param>
    /// <param name="periods">As at first.</param>
    public void Replace(IReadOnlyList<KeyValuePair<uint, byte[]>> keys, IReadOnlyDictionary<uint, SigningPeriod>? periods = null)
    {
        if (keys.Any(key => PeriodOf(key.Key) != (periods?.GetValueOrDefault(key.Key, SigningPeriod.Always) ?? SigningPeriod.Always)) || keys.Count != Now.Keys.Count || keys.Zip(Now.Keys).Any(pair => pair.First.Key != pair.Second.Key || !pair.First.Value.AsSpan().SequenceEqual(pair.Second.Value)))
            Volatile.Write(ref _ring, new Ring(keys, periods));
    }

    /// <summary>Gives a lease under an issuer of its own.</summary>
    /// <param name="campaign">The campaign's id.</param>
    /// <param name="incarnation">The life of the campaign.</param>
    /// <param name="counters">The bound of counters, 1 or more.</param>
    /// <param name="expiresAtMs">Unix time in milliseconds; cut to a whole second.</param>
    public TokenLease Grant(string campaign, ulong incarnation, ulong counters, long expiresAtMs)
    {
        ArgumentOutOfRangeException.ThrowIfZero(counters);
        var issuer = BinaryPrimitives.ReadUInt64BigEndian(RandomNumberGenerator.GetBytes(8));
        var (id, key) = Signing;
        return LeaseOf(id, key, campaign, new LeaseTerms(id, incarnation, issuer == 0 ? 1 : issuer, counters, expiresAtMs / 1_000 * 1_000));
    }

    /// <summary>The lease as text that its holder shows with every report: signed, and without the key.</summary>
    /// <remarks>Bytes: format (1), key id (4), incarnation (8), issuer (8), counters (8), end in ms (8), campaign (the rest), signature (16).</remarks>
    /// <exception cref="ArgumentException">The lease is of none of these keys.</exception>
    public string Write(TokenLease lease)
    {
        if (!TryGet(lease.KeyId, out var key))
            throw new ArgumentException("The lease is of none of these keys.", nameof(lease));
        var payload = new byte[LeaseFixedBytes + lease.Campaign.Length + TagBytes];
        payload[0] = LeaseFormat;
        BinaryPrimitives.WriteUInt32BigEndian(payload.AsSpan(1), lease.KeyId);
        BinaryPrimitives.WriteUInt64BigEndian(payload.AsSpan(5), lease.Incarnation);
        BinaryPrimitives.WriteUInt64BigEndian(payload.AsSpan(13), lease.Issuer);
        BinaryPrimitives.WriteUInt64BigEndian(payload.AsSpan(21), lease.Counters);
        BinaryPrimitives.WriteInt64BigEndian(payload.AsSpan(29), lease.ExpiresAtMs);
        Encoding.ASCII.GetBytes(lease.Campaign, payload.AsSpan(LeaseFixedBytes));
        Span<byte> tag = stackalloc byte[HMACSHA256.HashSizeInBytes];
        KeyedHash.Compute(key!, payload.AsSpan(..^TagBytes), tag);
        tag[..TagBytes].CopyTo(payload.AsSpan(payload.Length - TagBytes));
        return Base64Url.EncodeToString(payload);
    }

    /// <summary>Reads what <see cref="Write"/> wrote; null where this is no lease of these keys, or was given when its key did not sign. It may have ended.</summary>
    public TokenLease? ReadLease(ReadOnlySpan<char> text)
    {
        Span<byte> bytes = stackalloc byte[LeaseFixedBytes + CampaignKeys.MaxLength + TagBytes];
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
        var terms = new LeaseTerms(
            keyId,
            BinaryPrimitives.ReadUInt64BigEndian(bytes[5..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[13..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[21..]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[29..]));
        return GaveThen(terms) ? LeaseOf(keyId, key!, Encoding.ASCII.GetString(bytes[LeaseFixedBytes..(length - TagBytes)]), terms) : null;
    }

    /// <summary>When this key signs.</summary>
    internal SigningPeriod PeriodOf(uint id) => Now.Periods is { } periods ? periods.GetValueOrDefault(id, SigningPeriod.Always) : SigningPeriod.Always;

    /// <summary>Whether the lease's key signed when the lease must have been given.</summary>
    internal bool GaveThen(in LeaseTerms terms) => PeriodOf(terms.KeyId).Holds(terms.ExpiresAtMs - (long)TokenLease.Life.TotalMilliseconds);

    internal bool TryGet(uint id, out byte[]? key) => Now.ById.TryGetValue(id, out key);

    /// <summary>Whether the holder of a lease on these terms signed <paramref name="data"/>.</summary>
    /// <param name="key">The key that the terms name.</param>
    internal bool VerifyLeased(byte[] key, in LeaseTerms terms, ReadOnlySpan<byte> data, ReadOnlySpan<byte> tag) => Now.Leases.Verify(key, terms, data, tag);

    private static TokenLease LeaseOf(uint keyId, byte[] key, string campaign, in LeaseTerms terms) =>
        new(keyId, campaign, terms.Incarnation, terms.Issuer, terms.Counters, terms.ExpiresAtMs, LeaseKeys.Derive(key, terms));

    private sealed class Ring
    {
        public Ring(IReadOnlyList<KeyValuePair<uint, byte[]>> keys, IReadOnlyDictionary<uint, SigningPeriod>? periods)
        {
            if (keys.Count == 0 || keys.Any(key => key.Value.Length < KeyBytes))
                throw new ArgumentException($"At least one key of {KeyBytes} bytes or more is needed.", nameof(keys));
            (Keys, ById, Periods) = (keys, keys.ToFrozenDictionary(), periods?.ToFrozenDictionary());
        }

        public IReadOnlyList<KeyValuePair<uint, byte[]>> Keys { get; }
        public FrozenDictionary<uint, byte[]> ById { get; }

        /// <summary>Null where all sign always.</summary>
        public FrozenDictionary<uint, SigningPeriod>? Periods { get; }

        /// <summary>Of these keys: another one under the same id makes others.</summary>
        public LeaseKeys Leases { get; } = new();
    }
}
