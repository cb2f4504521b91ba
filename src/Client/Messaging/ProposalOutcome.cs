using System.ComponentModel.DataAnnotations;

namespace Flywheel.Client;

/// <summary>What became of the module of a proposal that went live.</summary>
/// <param name="Kind"><c>promoted</c>, <c>retired</c> or <c>rolledBack</c>.</param>
/// <param name="At">When.</param>
public sealed record ProposalOutcome([property: AllowedValues("promoted", "retired", "rolledBack")] string Kind, DateTimeOffset At)
{
    public string? Why { get; init; }

    /// <value>The figures it stands on, as in <see cref="Proposal.Evidence"/>.</value>
    public IReadOnlyDictionary<string, double>? Evidence { get; init; }
}
