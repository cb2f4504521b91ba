namespace Flywheel.Cli.Load;

/// <summary>What <c>load</c> prints.</summary>
/// <param name="Rate">Decisions a second that were asked for; null for as many as the engine takes.</param>
/// <param name="Missed">Decisions that were due and never asked for, since the engine lagged.</param>
/// <param name="Engines">Each by itself.</param>
/// <param name="Total">All together.</param>
/// <param name="Failures">The most frequent ones.</param>
internal sealed record LoadReport(
    string Campaign, double Seconds, int? Rate, int Connections, long Missed, IReadOnlyList<EngineReport> Engines, EngineReport Total, IReadOnlyList<LoadFailure> Failures);
