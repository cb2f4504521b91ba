using Flywheel.Domain.Webhooks;

namespace Flywheel.Grains.Webhooks;

/// <summary>Hears what becomes of messages to webhooks.</summary>
public interface IWebhookMeter
{
    /// <summary>An attempt ended.</summary>
    void Attempted(DeliveryOutcome outcome);

    /// <summary>Messages became dead letters, and dead letters were dropped to make room.</summary>
    void Died(int died, int dropped);

    /// <summary>What a webhook that is active on this silo holds.</summary>
    void Holds(string webhook, int queued, int dead);

    /// <summary>It is active here no more.</summary>
    void Left(string webhook);
}
