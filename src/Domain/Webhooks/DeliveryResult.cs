namespace Flywheel.Domain.Webhooks;

/// <summary>How an attempt ended.</summary>
/// <param name="Status">Of the answer; null where none came.</param>
/// <param name="RetryAfter">How long the receiver asks to be left alone; null where it does not say.</param>
/// <param name="ElapsedMs">How long it took.</param>
public sealed record DeliveryResult(DeliveryOutcome Outcome, int? Status, TimeSpan? RetryAfter, int ElapsedMs);
