using Flywheel.Domain.Webhooks;

namespace Flywheel.Abstractions.Webhooks;

/// <summary>How an attempt ended.</summary>
/// <param name="Message">The message's id.</param>
[GenerateSerializer, Immutable, Alias("flywheel.delivery-result")]
public sealed record DeliveryResultMessage([property: Id(0)] string Message, [property: Id(1)] DeliveryResult Result);
