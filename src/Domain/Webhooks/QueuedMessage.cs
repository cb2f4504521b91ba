namespace Flywheel.Domain.Webhooks;

/// <summary>A message that waits to be sent.</summary>
/// <param name="Attempts">That failed.</param>
/// <param name="NextAt">When it is sent next.</param>
public sealed record QueuedMessage(WebhookMessage Message, int Attempts, DateTimeOffset NextAt);
