namespace Flywheel.Client;

internal sealed record DecisionComment(string? Comment);
