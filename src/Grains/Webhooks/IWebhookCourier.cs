using Flywheel.Domain.Webhooks;

namespace Flywheel.Grains.Webhooks;

/// <summary>Brings messages to their receivers.</summary>
public interface IWebhookCourier
{
    /// <summary>Makes one attempt. Never throws: whatever goes wrong is its result.</summary>
    Task<DeliveryResult> SendAsync(WebhookAttempt attempt, CancellationToken cancellationToken);
}
