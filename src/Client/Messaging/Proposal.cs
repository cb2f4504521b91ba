using System.ComponentModel.DataAnnotations;

namespace Flywheel.Client;

/// <summary>A module that is proposed, and what became of it.</summary>
/// <param name="Id">Such as <c>p-1</c>.</param>
/// <param name="Campaign">The campaign.</param>
/// <param name="Slot">The slot that it is for.</param>
/// <param name="Status"><c>pending</c>, <c>live</c>, <c>rejected</c>, <c>blocked</c>, <c>retired</c> or <c>rolledBack</c>.</param>
/// <param name="Writer"><c>offline</c>, <c>model</c> or <c>person</c>.</param>
/// <param name="CreatedAt">When it was proposed.</param>
/// <param name="Module">What is proposed.</param>
/// <param name="Reason">Why.</param>
/// <param name="Evidence">The figures it stands on; one called <c>kept</c> comes with <c>keptLow</c>, <c>keptHigh</c> and <c>keptN</c>.</param>
/// <param name="Findings">What the guardrails and a reviewer found.</param>
public sealed record Proposal(
    string Id,
    string Campaign,
    string Slot,
    [property: AllowedValues("pending", "live", "rejected", "blocked", "retired", "rolledBack")] string Status,
    [property: AllowedValues("offline", "model", "person")] string Writer,
    DateTimeOffset CreatedAt,
    Module Module,
    string Reason,
    IReadOnlyDictionary<string, double> Evidence,
    IReadOnlyList<Finding> Findings)
{
    /// <value>Names what it says now: 1, and one more each time that a person rewrites it.</value>
    public int Revision { get; init; } = 1;

    /// <value>The module whose place it takes; null where it takes none's.</value>
    public required string? Replaces { get; init; }

    /// <value>What is expected of new messaging, in a clause.</value>
    public string? Hypothesis { get; init; }

    /// <value>The segment it was written for; null for all.</value>
    public string? Segment { get; init; }

    public DateTimeOffset? DecidedAt { get; init; }
    public string? DecidedBy { get; init; }
    public string? Comment { get; init; }

    /// <value>The version that it is served as, once it went live.</value>
    public int? Version { get; init; }

    /// <value>The share of decisions that it may take on trial, once it went live, 0 to 1.</value>
    public double? Share { get; init; }

    /// <value>What became of its module; null while it is on trial, and unless it went live.</value>
    public ProposalOutcome? Outcome { get; init; }

    /// <value>The request that it was written for.</value>
    public string? Answers { get; init; }

    /// <value>The request that the decision opened; in the answer to that decision only.</value>
    public string? Request { get; init; }
}
