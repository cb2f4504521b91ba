namespace Flywheel.Client;

/// <summary>What became of a report.</summary>
internal sealed record ServedReceipt(int Accepted, IReadOnlyList<RejectedSignal> Rejected);
