namespace Flywheel.Client;

/// <summary>What became of the tracked signals since the client was made.</summary>
/// <param name="Pending">Waiting or on their way.</param>
/// <param name="Accepted">Durable in the engine.</param>
/// <param name="Dropped">Never sent, as <see cref="RejectionReason.Dropped"/>.</param>
/// <param name="Refused">As <see cref="RejectionReason.Refused"/>.</param>
/// <param name="Abandoned">As <see cref="RejectionReason.Abandoned"/>.</param>
public sealed record TrackingCounts(long Pending, long Accepted, long Dropped, long Refused, long Abandoned);
