namespace Flywheel.Signals.Redis;

/// <summary>Something about a Redis that is not as the engine needs it.</summary>
/// <param name="IsRefusal">The engine does not work with it as it is.</param>
/// <param name="Message">A sentence or two: what came, and what would be right.</param>
public sealed record RedisFinding(bool IsRefusal, string Message);
