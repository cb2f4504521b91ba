using Flywheel.Domain.Governance.Proposals;

namespace Flywheel.Abstractions.Messaging;

/// <summary>A writer's answer.</summary>
/// <param name="Incarnation">The life of the campaign that it was written for.</param>
[GenerateSerializer, Immutable, Alias("flywheel.delivery")]
public sealed record DeliveryMessage([property: Id(0)] ulong Incarnation, [property: Id(1)] Delivery Delivery);
