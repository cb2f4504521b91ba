namespace Flywheel.Client;

/// <summary>A tracked signal that will not be counted.</summary>
public sealed record SignalRejection(Signal Signal, RejectionReason Reason, string Error);
