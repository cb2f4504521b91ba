using System.Buffers.Binary;
using System.Text;
using CsCheck;
using Flywheel.Decisions;

namespace Flywheel.Domain.Tests.Decisions;

/// <summary>The members of a token, apart from any buffer.</summary>
internal sealed record TokenSample(
    ulong Issuer, ulong Counter, long IssuedAtMs, Group Group, double Propensity, ulong Incarnation, uint WindowSeconds, string Campaign, string Segment, string Channel, string ModuleKeys)
{
    public static readonly TokenSample Typical = new(9, 300, 1_777_000_000_000, Group.Learned, 0.31, 7, 3_600, "spring", "young-urban", "email", KeysOf([1, ulong.MaxValue]));

    private static readonly Gen<string> Id = Gen.String[Gen.Char["abcxyz019-"], 1, 64];

    public static readonly Gen<TokenSample> Any =
        Gen.Select(
            Gen.Select(Gen.ULong, Gen.ULong, Gen.Long[0, (1L << 48) - 1], Gen.Enum<Group>()),
            Gen.Select(Gen.Double.Unit, Gen.ULong, Gen.UInt),
            Gen.Select(Id, Id, Gen.OneOf(Id, Gen.Const(""))),
            Gen.ULong.Array[1, 8]).Select((head, policy, names, keys) => new TokenSample(
                head.Item1, head.Item2, head.Item3, head.Item4, policy.Item1, policy.Item2, policy.Item3, names.Item1, names.Item2, names.Item3, KeysOf(keys)));

    public byte[] Write(TokenKeys keys)
    {
        var text = new byte[DecisionToken.MaxChars];
        return text[..Token().WriteTo(text, keys)];
    }

    public byte[] Write(TokenLease lease)
    {
        var text = new byte[DecisionToken.MaxChars];
        return text[..Token().WriteTo(text, lease)];
    }

    private DecisionToken Token() => new()
    {
        Issuer = Issuer,
        Counter = Counter,
        IssuedAtMs = IssuedAtMs,
        Group = Group,
        Propensity = Propensity,
        Incarnation = Incarnation,
        WindowSeconds = WindowSeconds,
        Campaign = Encoding.ASCII.GetBytes(Campaign),
        Segment = Encoding.ASCII.GetBytes(Segment),
        Channel = Encoding.ASCII.GetBytes(Channel),
        ModuleKeys = Convert.FromHexString(ModuleKeys),
    };

    public static TokenVerdict Read(ReadOnlySpan<byte> text, TokenKeys keys, long nowMs, out TokenSample sample)
    {
        var verdict = DecisionToken.Read(text, keys, nowMs, new byte[DecisionToken.MaxBytes], out var token);
        sample = new TokenSample(
            token.Issuer, token.Counter, token.IssuedAtMs, token.Group, token.Propensity, token.Incarnation, token.WindowSeconds,
            Encoding.ASCII.GetString(token.Campaign), Encoding.ASCII.GetString(token.Segment), Encoding.ASCII.GetString(token.Channel), Convert.ToHexString(token.ModuleKeys));
        return verdict;
    }

    private static string KeysOf(ulong[] keys)
    {
        var bytes = new byte[keys.Length * 8];
        for (var i = 0; i < keys.Length; i++)
            BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(i * 8), keys[i]);
        return Convert.ToHexString(bytes);
    }
}
