namespace Flywheel.Decisions;

/// <summary>What the key of a lease is worked out from, beside the engine's key.</summary>
internal readonly record struct LeaseTerms(uint KeyId, ulong Incarnation, ulong Issuer, ulong Counters, long ExpiresAtMs);
