using System.Collections.Immutable;
using Flywheel.Agents.Writing;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Agents.Reviewing;

/// <summary>Candidates to look at, and what they were to be.</summary>
public sealed record ReviewRequest
{
    /// <summary>Null where the campaign has none.</summary>
    public Brief? Brief { get; init; }

    public required Slot Slot { get; init; }

    public required MessageLanguage Language { get; init; }

    /// <summary>1 to <see cref="WritingRequest.MaxCandidates"/>.</summary>
    /// <exception cref="ArgumentException">More or fewer.</exception>
    public required ImmutableArray<Candidate> Candidates
    {
        get;
        init => field = value.Length is >= 1 and <= WritingRequest.MaxCandidates
            ? value
            : throw new ArgumentException($"{nameof(Candidates)}: came {value.Length} items; expected 1 to {WritingRequest.MaxCandidates}.", nameof(Candidates));
    }
}
