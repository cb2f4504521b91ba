using System.Collections.Immutable;

namespace Flywheel.Agents.Writing;

/// <summary>What a writer made of a request.</summary>
public sealed record WritingResult
{
    public required WriterKind Writer { get; init; }

    /// <summary>At most as many as were asked for, no two alike.</summary>
    public ImmutableArray<Candidate> Candidates { get; init; } = [];

    public WritingUsage Usage { get; init; } = WritingUsage.None;

    /// <summary>Why there are fewer candidates than were asked for, or what of the request could not be met; null where nothing is to be said.</summary>
    public string? Note { get; init; }

    /// <summary>Set where writing failed; there are no candidates then.</summary>
    public WritingFailure? Failure { get; init; }

    /// <summary>Why a language model did not write, where another writer did in its stead; null otherwise.</summary>
    public WritingFailure? InsteadOfModel { get; init; }
}
