namespace Flywheel.Cli.Load;

/// <summary>A kind of failure, and how often it came.</summary>
internal sealed record LoadFailure(string Error, long Count);
