using System.Collections.Immutable;
using Flywheel.Domain.Webhooks;

namespace Flywheel.Abstractions.Webhooks;

/// <summary>Messages for a tenant's webhooks.</summary>
[GenerateSerializer, Immutable, Alias("flywheel.webhook-messages")]
public sealed record WebhookMessagesMessage([property: Id(0)] ImmutableArray<WebhookMessage> Messages);
