using System.Collections.Immutable;
using Flywheel.Domain.Webhooks;

namespace Flywheel.Abstractions.Webhooks;

/// <summary>What waits, what was given up and what was tried; each oldest first.</summary>
[GenerateSerializer, Immutable, Alias("flywheel.webhook-outbox")]
public sealed record OutboxMessage(
    [property: Id(0)] ImmutableArray<QueuedMessage> Queue,
    [property: Id(1)] ImmutableArray<DeadLetter> Dead,
    [property: Id(2)] ImmutableArray<WebhookDelivery> Deliveries);
