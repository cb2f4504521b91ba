namespace Flywheel.Client;

/// <summary>What became of a connection that scores are read from.</summary>
/// <param name="Campaign">The campaign whose scores they are.</param>
/// <param name="IsConnected">False where it ended, broke, stayed silent or could not be made.</param>
/// <param name="Reason">Why there is none; null while connected.</param>
/// <param name="RetryIn">The wait until the next attempt; null while connected.</param>
public sealed record StreamConnection(string Campaign, bool IsConnected, string? Reason, TimeSpan? RetryIn);
