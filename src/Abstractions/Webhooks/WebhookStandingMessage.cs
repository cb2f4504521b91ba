using Flywheel.Domain.Webhooks;

namespace Flywheel.Abstractions.Webhooks;

/// <summary>How a webhook stands.</summary>
/// <param name="Key">Its tenant and id.</param>
/// <param name="IsGone">True where its receiver answered 410.</param>
/// <param name="Queued">Messages that wait.</param>
/// <param name="Dead">Dead letters.</param>
[GenerateSerializer, Immutable, Alias("flywheel.webhook-standing")]
public sealed record WebhookStandingMessage(
    [property: Id(0)] string Key,
    [property: Id(1)] WebhookDefinition Definition,
    [property: Id(2)] DateTimeOffset CreatedAt,
    [property: Id(3)] bool IsGone,
    [property: Id(4)] int Queued,
    [property: Id(5)] int Dead);
