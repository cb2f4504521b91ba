using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Flywheel.Decisions;

namespace Flywheel.Silo.Tests.Leases;

/// <summary>Who decides elsewhere, with a lease and the policy as any client can have them over HTTP.</summary>
internal sealed class LocalIssuer
{
    private LocalIssuer(string text, TokenLease lease, PolicySnapshot snapshot) => (Text, Lease, Snapshot) = (text, lease, snapshot);

    public string Text { get; }

    public TokenLease Lease { get; }

    public PolicySnapshot Snapshot { get; }

    public static async Task<LocalIssuer> OpenAsync(Api api, string campaign)
    {
        var lease = (await api.PostAsync($"/v1/campaigns/{campaign}/lease", "")).Expect(200).Json;
        var snapshot = PolicySnapshotReader.Read((await api.GetAsync($"/v1/campaigns/{campaign}/policy")).Expect(200).Bytes);
        return new LocalIssuer(lease["lease"]!.GetValue<string>(), new TokenLease(
            lease["keyId"]!.GetValue<uint>(),
            campaign,
            ulong.Parse(lease["incarnation"]!.GetValue<string>(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
            ulong.Parse(lease["issuer"]!.GetValue<string>(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
            lease["counters"]!.GetValue<ulong>(),
            lease["expiresAt"]!.GetValue<DateTimeOffset>().ToUnixTimeMilliseconds(),
            Convert.FromBase64String(lease["key"]!.GetValue<string>())), snapshot);
    }

    /// <summary>The id of a decision for the first module of each slot.</summary>
    public string Sign(ulong counter, string segment = "default", string channel = "", long? issuedAtMs = null, double propensity = 0.5)
    {
        var keys = new byte[Snapshot.Slots.Length * 8];
        for (var slot = 0; slot < Snapshot.Slots.Length; slot++)
            BinaryPrimitives.WriteUInt64BigEndian(keys.AsSpan(slot * 8), Snapshot.Slots[slot].Modules[0].Key);
        var text = new byte[DecisionToken.MaxChars];
        var length = new DecisionToken
        {
            Counter = counter,
            IssuedAtMs = issuedAtMs ?? Lease.ExpiresAtMs - 3_600_000,
            Propensity = propensity,
            WindowSeconds = Snapshot.WindowSeconds,
            Campaign = Encoding.ASCII.GetBytes(Snapshot.Campaign),
            Segment = Encoding.ASCII.GetBytes(segment),
            Channel = Encoding.ASCII.GetBytes(channel),
            ModuleKeys = keys,
        }.WriteTo(text, Lease);
        return Encoding.ASCII.GetString(text, 0, length);
    }

    /// <summary>Where a segment's rows are numbered.</summary>
    public int PartitionOf(string segment) => Snapshot.Segments.Single(each => each.Id == segment).Partition;

    /// <summary>A report of decisions that were served.</summary>
    public string Report(params IEnumerable<string> rows) => $$"""{"lease":"{{Text}}","rows":[{{string.Join(',', rows)}}]}""";

    public static string Row(long number, long learned, long control = 0, string segment = "default", string? channel = null) => new JsonObject
    {
        ["number"] = number,
        ["segment"] = segment,
        ["channel"] = channel,
        ["learned"] = learned,
        ["control"] = control,
        ["assigned"] = learned + control,
        ["assignedControl"] = control,
        ["expectedControlMicros"] = (learned + control) * 50_000,
    }.ToJsonString();
}
