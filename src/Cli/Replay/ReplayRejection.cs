namespace Flywheel.Cli.Replay;

/// <summary>A row that the campaign could not take.</summary>
/// <param name="Line">Of the file, from 1.</param>
/// <param name="Error">Why.</param>
internal sealed record ReplayRejection(long Line, string Error);
