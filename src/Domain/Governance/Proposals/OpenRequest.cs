using Flywheel.Domain.Messaging.Budgets;
using Flywheel.Domain.Messaging.Triggers;

namespace Flywheel.Domain.Governance.Proposals;

/// <summary>New messaging that was asked for and has not been answered.</summary>
/// <param name="Id"><c>r-1</c>, <c>r-2</c>, …</param>
/// <param name="Actor">Who asked.</param>
/// <param name="Trigger">Why.</param>
/// <param name="Granted">What was set aside for it.</param>
/// <param name="AskedAt">When a writer was last asked.</param>
public sealed record OpenRequest(string Id, string Actor, Trigger Trigger, BudgetVerdict Granted, DateTimeOffset AskedAt)
{
    /// <summary>How often a writer was asked; counted, and stored, before it is.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>What a person said of the proposal that is to be written differently; null where there is none.</summary>
    public string? Comment { get; init; }

    /// <summary>The module of that proposal.</summary>
    public Campaigns.Module? Revises { get; init; }
}
