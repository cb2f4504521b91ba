namespace Flywheel.Domain.Webhooks;

/// <summary>An attempt, for people who look why nothing comes.</summary>
/// <param name="Message">Its id.</param>
/// <param name="Attempt">From 1.</param>
public sealed record WebhookDelivery(string Message, string Type, int Attempt, DateTimeOffset At, DeliveryOutcome Outcome, int? Status, int ElapsedMs);
