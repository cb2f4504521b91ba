using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Flywheel.Decisions;

/// <summary>
/// The decision id: everything that attribution needs, signed (HMAC-SHA256, cut to its first 128 bits as RFC 2104 §5 allows),
/// in URL-safe base64. Nothing is stored when a decision is made, and nobody can make up a reward. The engine signs with its own key, who
/// decides elsewhere with that of a <see cref="TokenLease"/>.
/// </summary>
/// <remarks>
/// Bytes: format (1), key id (4), issuer (8), time in ms (6), group and flags (1), propensity (8), incarnation (8), then
/// varint counter, varint window in seconds, campaign, segment and channel (length and ASCII each), slots (1) and a module
/// key (8) for each slot, and the signature (16). All big-endian. Format 1 is the engine's own; format 2, under a lease, has the
/// lease's bound of counters and its end in seconds (varints) between the window and the campaign.
/// </remarks>
public readonly ref struct DecisionToken
{
    /// <summary>The longest token in bytes, before base64.</summary>
    public const int MaxBytes = 512;

    /// <summary>The longest token in characters.</summary>
    public const int MaxChars = (MaxBytes + 2) / 3 * 4;

    private const byte Format = 1;
    private const byte LeasedFormat = 2;
    private const int TagBytes = 16;
    private const int FixedBytes = 36;

    /// <summary>How far the clock of who decides may be off, in milliseconds.</summary>
    private const long SkewMs = 60_000;

    /// <summary>The last second of the year 9999.</summary>
    private const ulong LatestEndSeconds = 253_402_300_799;

    /// <summary>Sums of shares may round to just above 1.</summary>
    private const double LargestPropensity = 1 + 1e-9;

    /// <summary>How old a token may be: longer than any attribution window, so that what comes late is counted as late.</summary>
    public static readonly TimeSpan Lifetime = DecisionLimits.LongestAttributionWindow + TimeSpan.FromDays(1);

    /// <summary>Identifies the process run that issued it.</summary>
    public ulong Issuer { get; init; }

    /// <summary>Counts the issuer's decisions in the token's partition, without gaps from 0.</summary>
    public ulong Counter { get; init; }

    /// <summary>Unix time in milliseconds.</summary>
    public long IssuedAtMs { get; init; }

    public Group Group { get; init; }

    public double Propensity { get; init; }

    public ulong Incarnation { get; init; }

    /// <summary>How long signals count, in seconds: the campaign's attribution window when the decision was made.</summary>
    public uint WindowSeconds { get; init; }

    /// <summary>The bound of its lease's counters; 0 where the engine signed it itself.</summary>
    public ulong LeaseCounters { get; init; }

    /// <summary>When its lease ends, Unix time in milliseconds.</summary>
    public long LeaseExpiresAtMs { get; init; }

    /// <summary>Whether it was signed under a lease.</summary>
    public bool IsLeased => LeaseCounters > 0;

    /// <summary>ASCII.</summary>
    public ReadOnlySpan<byte> Campaign { get; init; }

    /// <summary>ASCII.</summary>
    public ReadOnlySpan<byte> Segment { get; init; }

    /// <summary>ASCII, empty for none.</summary>
    public ReadOnlySpan<byte> Channel { get; init; }

    /// <summary>Eight big-endian bytes for each slot.</summary>
    public ReadOnlySpan<byte> ModuleKeys { get; init; }

    /// <summary>Whether this text claims to be a token under a lease.</summary>
    /// <remarks>In base64 the format is the first letter and half of the second.</remarks>
    public static bool ClaimsLease(ReadOnlySpan<byte> utf8) => utf8 is [(byte)'A', >= (byte)'g' and <= (byte)'v', ..];

    /// <summary>Writes the signed token as base64 text into <paramref name="utf8"/>, of at least <see cref="MaxChars"/>; returns its length.</summary>
    public int WriteTo(Span<byte> utf8, TokenKeys keys)
    {
        var (id, key) = keys.Signing;
        return Write(utf8, Format, id, key, Issuer, Incarnation, 0, 0);
    }

    /// <summary>As <see cref="WriteTo(Span{byte}, TokenKeys)"/>, under a lease: issuer and incarnation are the lease's.</summary>
    public int WriteTo(Span<byte> utf8, TokenLease lease) =>
        Write(utf8, LeasedFormat, lease.KeyId, lease.Key, lease.Issuer, lease.Incarnation, lease.Counters, lease.ExpiresAtMs);

    /// <summary>Checks and reads a token.</summary>
    /// <param name="utf8">The token's text.</param>
    /// <param name="keys">The keys to check with.</param>
    /// <param name="nowMs">Unix time in milliseconds.</param>
    /// <param name="buffer">Room for the decoded bytes, at least <see cref="MaxBytes"/>; the token points into it.</param>
    /// <param name="token">The token where it is valid.</param>
    public static TokenVerdict Read(ReadOnlySpan<byte> utf8, TokenKeys keys, long nowMs, Span<byte> buffer, out DecisionToken token)
    {
        token = default;
        if (utf8.Length is 0 or > MaxChars || !Base64Url.IsValid(utf8) || !Base64Url.TryDecodeFromUtf8(utf8, buffer, out var length)
            || length < FixedBytes + TagBytes || buffer[0] is not (Format or LeasedFormat))
            return TokenVerdict.Malformed;
        if (!keys.TryGet(BinaryPrimitives.ReadUInt32BigEndian(buffer[1..]), out var key))
            return TokenVerdict.UnknownKey;
        ReadOnlySpan<byte> payload = buffer[..(length - TagBytes)];
        ReadOnlySpan<byte> tag = buffer[(length - TagBytes)..length];
        if (buffer[0] == LeasedFormat)
            return ReadLeased(payload, tag, keys, key!, nowMs, out token);
        Span<byte> right = stackalloc byte[HMACSHA256.HashSizeInBytes];
        KeyedHash.Compute(key!, payload, right);
        if (!CryptographicOperations.FixedTimeEquals(right[..TagBytes], tag))
            return TokenVerdict.Forged;
        if (!TryReadPayload(payload, out token))
            return TokenVerdict.Malformed;
        return keys.PeriodOf(BinaryPrimitives.ReadUInt32BigEndian(payload[1..])).Holds(token.IssuedAtMs) ? token.Age(nowMs) : TokenVerdict.OutsidePeriod;
    }

    private static TokenVerdict ReadLeased(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> tag, TokenKeys keys, byte[] key, long nowMs, out DecisionToken token)
    {
        token = default;
        if (!TryReadPayload(payload, out var claimed) || !claimed.IsLeased)
            return TokenVerdict.Malformed;
        var terms = new LeaseTerms(
            BinaryPrimitives.ReadUInt32BigEndian(payload[1..]), claimed.Incarnation, claimed.Issuer, claimed.LeaseCounters, claimed.LeaseExpiresAtMs);
        if (!keys.VerifyLeased(key, terms, payload, tag))
            return TokenVerdict.Forged;
        token = claimed;
        // It may be signed until the lease ends, when the key of the lease signs no more.
        if (!keys.GaveThen(terms) || claimed.IssuedAtMs < keys.PeriodOf(terms.KeyId).FromMs - SigningPeriod.AllowanceMs)
            return TokenVerdict.OutsidePeriod;
        return claimed.KeepsToItsLease() ? claimed.Age(nowMs) : TokenVerdict.BeyondLease;
    }

    /// <summary>Who holds a lease signs what it likes: what no decision can be is not counted.</summary>
    private bool KeepsToItsLease() =>
        Counter < LeaseCounters
        && IssuedAtMs <= LeaseExpiresAtMs + SkewMs
        && Propensity > 0 && Propensity <= LargestPropensity
        && WindowSeconds <= DecisionLimits.LongestAttributionWindow.TotalSeconds
        && ModuleKeys.Length is > 0 and <= DecisionLimits.Slots * 8;

    private TokenVerdict Age(long nowMs) => nowMs - IssuedAtMs > (long)Lifetime.TotalMilliseconds ? TokenVerdict.Expired : TokenVerdict.Valid;

    private int Write(Span<byte> utf8, byte format, uint keyId, byte[] key, ulong issuer, ulong incarnation, ulong leaseCounters, long leaseExpiresAtMs)
    {
        Span<byte> bytes = stackalloc byte[MaxBytes];
        bytes[0] = format;
        BinaryPrimitives.WriteUInt32BigEndian(bytes[1..], keyId);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[5..], issuer);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[13..], (ushort)(IssuedAtMs >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(bytes[15..], (uint)IssuedAtMs);
        bytes[19] = (byte)Group;
        BinaryPrimitives.WriteDoubleBigEndian(bytes[20..], Propensity);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[28..], incarnation);
        var at = FixedBytes;
        at += Varint.Write(bytes[at..], Counter);
        at += Varint.Write(bytes[at..], WindowSeconds);
        if (format == LeasedFormat)
        {
            at += Varint.Write(bytes[at..], leaseCounters);
            at += Varint.Write(bytes[at..], (ulong)leaseExpiresAtMs / 1_000);
        }
        at += WriteText(bytes[at..], Campaign);
        at += WriteText(bytes[at..], Segment);
        at += WriteText(bytes[at..], Channel);
        bytes[at++] = (byte)(ModuleKeys.Length / 8);
        ModuleKeys.CopyTo(bytes[at..]);
        at += ModuleKeys.Length;
        Span<byte> tag = stackalloc byte[HMACSHA256.HashSizeInBytes];
        KeyedHash.Compute(key, bytes[..at], tag);
        tag[..TagBytes].CopyTo(bytes[at..]);
        return Base64Url.EncodeToUtf8(bytes[..(at + TagBytes)], utf8);
    }

    private static bool TryReadPayload(ReadOnlySpan<byte> bytes, out DecisionToken token)
    {
        token = default;
        var rest = bytes[FixedBytes..];
        var (leaseCounters, leaseEnd) = (0UL, 0UL);
        if (!Varint.TryRead(ref rest, out var counter) || !Varint.TryRead(ref rest, out var window)
            || (bytes[0] == LeasedFormat && (!Varint.TryRead(ref rest, out leaseCounters) || !Varint.TryRead(ref rest, out leaseEnd) || leaseEnd > LatestEndSeconds))
            || !TryReadText(ref rest, out var campaign) || !TryReadText(ref rest, out var segment) || !TryReadText(ref rest, out var channel)
            || rest.IsEmpty || rest.Length - 1 != rest[0] * 8)
            return false;
        token = new DecisionToken
        {
            Issuer = BinaryPrimitives.ReadUInt64BigEndian(bytes[5..]),
            IssuedAtMs = ((long)BinaryPrimitives.ReadUInt16BigEndian(bytes[13..]) << 32) | BinaryPrimitives.ReadUInt32BigEndian(bytes[15..]),
            Group = (Group)(bytes[19] & 1),
            Propensity = BinaryPrimitives.ReadDoubleBigEndian(bytes[20..]),
            Incarnation = BinaryPrimitives.ReadUInt64BigEndian(bytes[28..]),
            Counter = counter,
            WindowSeconds = (uint)window,
            LeaseCounters = leaseCounters,
            LeaseExpiresAtMs = (long)leaseEnd * 1_000,
            Campaign = campaign,
            Segment = segment,
            Channel = channel,
            ModuleKeys = rest[1..],
        };
        return true;
    }

    private static int WriteText(Span<byte> bytes, ReadOnlySpan<byte> text)
    {
        bytes[0] = (byte)text.Length;
        text.CopyTo(bytes[1..]);
        return text.Length + 1;
    }

    private static bool TryReadText(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> text)
    {
        text = default;
        if (rest.IsEmpty || rest.Length < rest[0] + 1)
            return false;
        text = rest.Slice(1, rest[0]);
        rest = rest[(rest[0] + 1)..];
        return true;
    }
}
