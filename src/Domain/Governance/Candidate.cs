using System.Collections.Immutable;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Domain.Governance;

/// <summary>Content that somebody, a person or an agent, would like a slot to serve.</summary>
public sealed record Candidate
{
    /// <summary>The slot it is for; its kind and length bind.</summary>
    public required Slot Slot { get; init; }

    public required ModuleContent Content { get; init; }

    public ImmutableSortedDictionary<string, string> Attributes { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}
