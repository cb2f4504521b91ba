using System.Globalization;
using System.Text.Json;
using Flywheel.Decisions;

namespace Flywheel.Client;

/// <summary>A lease in use: its key, the counters that were used, and the numbers of its reports.</summary>
internal sealed class LocalLease
{
    private readonly ulong[] _reports = new ulong[DecisionLimits.Partitions];

    /// <param name="nowMs">This process's clock as the answer came, Unix time in milliseconds.</param>
    /// <exception cref="JsonException">The answer is none that decisions can be signed with.</exception>
    public LocalLease(LeaseAnswer answer, string campaign, long nowMs)
    {
        if (!TryHex(answer.Issuer, out var issuer) || !TryHex(answer.Incarnation, out var incarnation) || answer.Key.Length < TokenKeys.KeyBytes || answer.Counters == 0)
            throw new JsonException("The lease cannot be used.");
        Text = answer.Lease;
        Terms = new TokenLease(answer.KeyId, campaign, incarnation, issuer, answer.Counters, answer.ExpiresAt.ToUnixTimeMilliseconds(), answer.Key);
        Issuer = new Issuer(DecisionLimits.Partitions, issuer);
        OffsetMs = answer.GrantedAt.ToUnixTimeMilliseconds() - nowMs;
        RenewAtMs = answer.GrantedAt.ToUnixTimeMilliseconds() + (Terms.ExpiresAtMs - answer.GrantedAt.ToUnixTimeMilliseconds()) / 2;
    }

    /// <summary>Goes with every report.</summary>
    public string Text { get; }

    public TokenLease Terms { get; }

    public Issuer Issuer { get; }

    /// <summary>What the engine's clock is ahead of this process's, in milliseconds.</summary>
    public long OffsetMs { get; }

    /// <summary>Half of its life, by the engine's clock.</summary>
    public long RenewAtMs { get; }

    /// <summary>Half of the counters of some partition are used.</summary>
    public bool IsHalfUsed { get; private set; }

    /// <summary>Whether a decision with this counter can be signed now; notes when half of them are used.</summary>
    public bool Covers(ulong counter, long nowMs)
    {
        if (counter == Terms.Counters / 2)
            IsHalfUsed = true;
        return counter < Terms.Counters && nowMs <= Terms.ExpiresAtMs;
    }

    /// <summary>The next number of a report to a partition, from 0. For one caller at a time.</summary>
    public ulong NextReport(int partition) => _reports[partition]++;

    private static bool TryHex(string text, out ulong value) => ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
}
