namespace Flywheel.Client.Tests;

internal sealed record ReceivedRequest(string Method, string Path, string? ContentType, string? LastEventId, string Body)
{
    public string[] Lines => Body.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
