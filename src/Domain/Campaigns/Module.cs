using System.Collections.Immutable;

namespace Flywheel.Domain.Campaigns;

/// <summary>One piece of content that competes for its slot.</summary>
public sealed record Module
{
    public required string Id { get; init; }
    public ModuleContent Content { get; init; } = ModuleContent.Empty;
    public ImmutableSortedDictionary<string, string> Attributes { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}
