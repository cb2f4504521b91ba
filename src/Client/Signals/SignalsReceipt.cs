namespace Flywheel.Client;

/// <summary>What the engine took, durably.</summary>
/// <param name="Accepted">How many signals it counts once, however often they were sent.</param>
/// <param name="Rejected">Which ones it refused, and why.</param>
public sealed record SignalsReceipt(int Accepted, IReadOnlyList<RejectedSignal> Rejected);
