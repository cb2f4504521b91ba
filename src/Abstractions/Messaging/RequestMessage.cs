using Flywheel.Domain.Messaging.Triggers;

namespace Flywheel.Abstractions.Messaging;

/// <summary>A reason to write.</summary>
/// <param name="Actor"><c>person</c> or <c>agents</c>.</param>
[GenerateSerializer, Immutable, Alias("flywheel.messaging-request")]
public sealed record RequestMessage([property: Id(0)] Trigger Trigger, [property: Id(1)] string Actor);
