namespace Flywheel.Client;

internal sealed record Approval(string? Comment, int? Revision);
