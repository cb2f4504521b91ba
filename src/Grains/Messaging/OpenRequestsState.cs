using System.Collections.Immutable;

namespace Flywheel.Grains.Messaging;

/// <summary>What is stored of the campaigns that wait for a writer.</summary>
public sealed record OpenRequestsState
{
    /// <summary>Ids; at most <see cref="Domain.Campaigns.Limits.Campaigns"/>.</summary>
    public ImmutableSortedSet<string> Campaigns { get; init; } = ImmutableSortedSet<string>.Empty;
}
