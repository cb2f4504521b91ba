namespace Flywheel.Cli.Load;

/// <summary>What one engine did under load, or all of them together.</summary>
/// <param name="Url">The engine; null for all.</param>
/// <param name="SignalsLost">Signals that were made and not taken: refused, or too late to be sent.</param>
internal sealed record EngineReport(string? Url, LoadFigures Decisions, LoadFigures Signals, long SignalsLost);
