namespace Flywheel.Cli.Load;

/// <summary>What came of decisions or of signals.</summary>
/// <param name="Count">Those that came off.</param>
/// <param name="PerSecond">Of the whole run.</param>
/// <param name="Errors">Requests that failed, those that were tried again included.</param>
/// <param name="LatencyMs">Of the requests that came off; null where none did.</param>
internal sealed record LoadFigures(long Count, double PerSecond, long Errors, Latency? LatencyMs);
