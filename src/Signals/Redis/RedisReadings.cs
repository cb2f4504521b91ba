namespace Flywheel.Signals.Redis;

/// <summary>What a server says of itself.</summary>
/// <param name="Info">The answer to INFO by its names; null where the user may not ask.</param>
/// <param name="AppendFsync">The setting; null where the user may not ask.</param>
/// <param name="HasPrimary">Another server of this Redis takes the writes.</param>
/// <param name="ScriptError">Why a script did not run; null where it did.</param>
public sealed record RedisReadings(IReadOnlyDictionary<string, string>? Info, string? AppendFsync, bool HasPrimary, string? ScriptError);
