namespace Flywheel.Client;

/// <summary>What the engine says when it gives a lease.</summary>
internal sealed record LeaseAnswer(
    string Lease, string Incarnation, string Issuer, uint KeyId, byte[] Key, ulong Counters, DateTimeOffset GrantedAt, DateTimeOffset ExpiresAt);
