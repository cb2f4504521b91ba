using System.Collections.Immutable;
using Flywheel.Domain.Messaging.Budgets;

namespace Flywheel.Domain.Governance.Proposals;

/// <summary>A writer's answer to a request.</summary>
/// <param name="Request">The request's id.</param>
/// <param name="Writer">Who wrote.</param>
/// <param name="Cost">What it cost, also where it failed.</param>
public sealed record Delivery(string Request, ProposalWriter Writer, ModelCost Cost)
{
    /// <summary>Best first; at most 8.</summary>
    public ImmutableArray<Draft> Drafts { get; init; } = [];

    /// <summary>Why there is nothing, or what could not be met; null where nothing is to be said.</summary>
    public string? Note { get; init; }

    /// <summary>True where the writer failed, not where it had nothing to offer.</summary>
    public bool IsFailure { get; init; }
}
