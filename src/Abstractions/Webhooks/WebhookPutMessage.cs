using Flywheel.Domain.Webhooks;

namespace Flywheel.Abstractions.Webhooks;

/// <summary>What a webhook is to be.</summary>
[GenerateSerializer, Immutable, Alias("flywheel.webhook-put")]
public sealed record WebhookPutMessage([property: Id(0)] WebhookDefinition Definition);
