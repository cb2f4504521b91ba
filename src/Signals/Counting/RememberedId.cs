namespace Flywheel.Signals;

/// <summary>A counted signal that carried its own id.</summary>
/// <param name="Id">Its hash.</param>
/// <param name="ExpiresAtMs">When it leaves the attribution window.</param>
/// <param name="Issuer">Of the decision it belongs to; 0 where there is none.</param>
/// <param name="Counter">Of the decision it belongs to.</param>
/// <param name="WeightMicros">Its reward before the cap.</param>
public readonly record struct RememberedId(UInt128 Id, long ExpiresAtMs, ulong Issuer, ulong Counter, long WeightMicros);
