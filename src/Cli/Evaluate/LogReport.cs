namespace Flywheel.Cli.Evaluate;

/// <summary>The log that was read.</summary>
/// <param name="Reward">The mean; null without rows.</param>
internal sealed record LogReport(long Rows, double? Reward);
