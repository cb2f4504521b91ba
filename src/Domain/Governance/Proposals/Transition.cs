namespace Flywheel.Domain.Governance.Proposals;

/// <summary>What a step of the life of proposals came to.</summary>
/// <param name="State">The state after it, with what the history says of it; unchanged where it was refused.</param>
/// <param name="Refusal">Null where it was not refused.</param>
public sealed record Transition(MessagingState State, Refusal? Refusal = null)
{
    /// <summary>The request that was opened; null for none.</summary>
    public OpenRequest? Opened { get; init; }

    /// <summary>The proposal that was made or decided on; null for none.</summary>
    public Proposal? Proposal { get; init; }
}
