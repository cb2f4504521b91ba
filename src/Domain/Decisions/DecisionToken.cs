using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Numerics;

namespace Flywheel.Domain.Decisions;

/// <summary>
/// The decision id: everything that attribution needs, signed (HMAC-SHA256, cut to its first 128 bits as RFC 2104 §5 allows),
/// in URL-safe base64. Nothing is stored when a decision is made, and nobody can make up a reward.
/// </summary>
/// <remarks>
/// Bytes: format (1), key id (4), issuer (8), time in ms (6), group and flags (1), propensity (8), incarnation (8), then
/// varint counter, varint window in seconds, campaign, segment and channel (length and ASCII each), slots (1) and a module
/// key (8) for each slot, and the signature (16). All big-endian.
/// </remarks>
public readonly ref struct DecisionToken
{
    /// <summary>The longest token in bytes, before base64.</summary>
    public const int MaxBytes = 512;

    /// <summary>The longest token in characters.</summary>
    public const int MaxChars = (MaxBytes + 2) / 3 * 4;

    private const byte Format = 1;
    private const int TagBytes = 16;
    private const int FixedBytes = 36;

    /// <summary>How old a token may be: longer than any attribution window, so that what comes late is counted as late.</summary>
    public static readonly TimeSpan Lifetime = Limits.LongestAttributionWindow + TimeSpan.FromDays(1);

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

    /// <summary>ASCII.</summary>
    public ReadOnlySpan<byte> Campaign { get; init; }

    /// <summary>ASCII.</summary>
    public ReadOnlySpan<byte> Segment { get; init; }

    /// <summary>ASCII, empty for none.</summary>
    public ReadOnlySpan<byte> Channel { get; init; }

    /// <summary>Eight big-endian bytes for each slot.</summary>
    public ReadOnlySpan<byte> ModuleKeys { get; init; }

    /// <summary>Writes the signed token as base64 text into <paramref name="utf8"/>, of at least <see cref="MaxChars"/>; returns its length.</summary>
    public int WriteTo(Span<byte> utf8, TokenKeys keys)
    {
        Span<byte> bytes = stackalloc byte[MaxBytes];
        bytes[0] = Format;
        BinaryPrimitives.WriteUInt32BigEndian(bytes[1..], keys.SigningKeyId);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[5..], Issuer);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[13..], (ushort)(IssuedAtMs >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(bytes[15..], (uint)IssuedAtMs);
        bytes[19] = (byte)Group;
        BinaryPrimitives.WriteDoubleBigEndian(bytes[20..], Propensity);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[28..], Incarnation);
        var at = FixedBytes;
        at += Varint.Write(bytes[at..], Counter);
        at += Varint.Write(bytes[at..], WindowSeconds);
        at += WriteText(bytes[at..], Campaign);
        at += WriteText(bytes[at..], Segment);
        at += WriteText(bytes[at..], Channel);
        bytes[at++] = (byte)(ModuleKeys.Length / 8);
        ModuleKeys.CopyTo(bytes[at..]);
        at += ModuleKeys.Length;
        Span<byte> tag = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(keys.SigningKey, bytes[..at], tag);
        tag[..TagBytes].CopyTo(bytes[at..]);
        return Base64Url.EncodeToUtf8(bytes[..(at + TagBytes)], utf8);
    }

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
            || length < FixedBytes + TagBytes || buffer[0] != Format)
            return TokenVerdict.Malformed;
        if (!keys.TryGet(BinaryPrimitives.ReadUInt32BigEndian(buffer[1..]), out var key))
            return TokenVerdict.UnknownKey;
        Span<byte> tag = stackalloc byte[HMACSHA256.HashSizeInBytes];
        ReadOnlySpan<byte> payload = buffer[..(length - TagBytes)];
        HMACSHA256.HashData(key, payload, tag);
        if (!CryptographicOperations.FixedTimeEquals(tag[..TagBytes], buffer[(length - TagBytes)..length]))
            return TokenVerdict.Forged;
        if (!TryReadPayload(payload, out token))
            return TokenVerdict.Malformed;
        return nowMs - token.IssuedAtMs > (long)Lifetime.TotalMilliseconds ? TokenVerdict.Expired : TokenVerdict.Valid;
    }

    private static bool TryReadPayload(ReadOnlySpan<byte> bytes, out DecisionToken token)
    {
        token = default;
        var rest = bytes[FixedBytes..];
        if (!Varint.TryRead(ref rest, out var counter) || !Varint.TryRead(ref rest, out var window)
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
