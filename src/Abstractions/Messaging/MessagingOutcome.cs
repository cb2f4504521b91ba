using Flywheel.Domain.Governance.Proposals;

namespace Flywheel.Abstractions.Messaging;

/// <summary>What a step came to.</summary>
/// <param name="Refusal">Why nothing changes; null where something may.</param>
/// <param name="IsUnknown">True where there is no such campaign.</param>
[GenerateSerializer, Immutable, Alias("flywheel.messaging-outcome")]
public sealed record MessagingOutcome([property: Id(0)] Refusal? Refusal = null, [property: Id(1)] bool IsUnknown = false)
{
    /// <summary>The request that was opened; null for none.</summary>
    [Id(2)]
    public string? Request { get; init; }

    /// <summary>The proposal that was decided on; null for none.</summary>
    [Id(3)]
    public Proposal? Proposal { get; init; }
}
