namespace Flywheel.Client;

internal sealed record StatusChange(string Status);
