namespace Flywheel.Domain.Webhooks;

/// <summary>A message that is not sent any more, unless somebody asks for it.</summary>
/// <param name="Attempts">That failed.</param>
/// <param name="At">When it was given up.</param>
/// <param name="Outcome">Of the last attempt.</param>
/// <param name="Status">Of the last answer; null where none came.</param>
public sealed record DeadLetter(WebhookMessage Message, int Attempts, DateTimeOffset At, DeliveryOutcome Outcome, int? Status);
