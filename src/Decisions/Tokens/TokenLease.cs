namespace Flywheel.Decisions;

/// <summary>
/// The right to sign decisions of one life of a campaign: those of one issuer, with counters below a bound, up to a time. Its key is
/// worked out from the engine's and all of these, so that it signs nothing else and the engine keeps no list of leases.
/// </summary>
/// <param name="KeyId">Which of the engine's keys it comes from.</param>
/// <param name="Campaign">The campaign's id.</param>
/// <param name="Incarnation">The life of the campaign.</param>
/// <param name="Issuer">Never 0, and of no other lease.</param>
/// <param name="Counters">The bound of counters in each partition: they run from 0 to below this.</param>
/// <param name="ExpiresAtMs">Unix time in milliseconds, a whole second: no decision is signed after it.</param>
/// <param name="Key">32 bytes.</param>
public sealed record TokenLease(uint KeyId, string Campaign, ulong Incarnation, ulong Issuer, ulong Counters, long ExpiresAtMs, byte[] Key)
{
    /// <summary>How long a lease lasts; it is renewed at half of it.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(1);

    /// <summary>How long after its end a lease may still report what was served under it.</summary>
    public static readonly TimeSpan ReportGrace = TimeSpan.FromHours(1);

    /// <summary>Counters that a lease is given in each partition.</summary>
    public const ulong GivenCounters = 10_000_000;

    /// <summary>Says nothing of the key.</summary>
    public override string ToString() => $"lease {Issuer:x16} of {Campaign}";
}
