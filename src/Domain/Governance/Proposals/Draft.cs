using System.Collections.Immutable;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Domain.Governance.Proposals;

/// <summary>What a writer wrote, before the rules have looked at it.</summary>
public sealed record Draft(ModuleContent Content, ImmutableSortedDictionary<string, string> Attributes)
{
    /// <summary>A draft that should have been reviewed and was not.</summary>
    public const string ReviewerMissing = "reviewer-missing";

    /// <summary>A draft that was to come from a language model and comes from another writer.</summary>
    public const string WriterFallback = "writer-fallback";

    /// <summary>What a reviewer found, and how it was written; these come on top of what the rules find.</summary>
    public ImmutableArray<Finding> Findings { get; init; } = [];
}
