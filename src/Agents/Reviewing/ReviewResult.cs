using System.Collections.Immutable;
using Flywheel.Agents.Writing;

namespace Flywheel.Agents.Reviewing;

/// <summary>
/// What a reviewer found. It has no way to say that a candidate is good: what guardrails found stays, and these findings come on top.
/// </summary>
public sealed record ReviewResult
{
    /// <summary>One list for each candidate, in the order of the request; all empty where the review failed.</summary>
    public required ImmutableArray<ImmutableArray<ReviewFinding>> Findings { get; init; }

    public WritingUsage Usage { get; init; } = WritingUsage.None;

    /// <summary>Set where there was no review. That is not the same as a review without findings.</summary>
    public WritingFailure? Failure { get; init; }
}
