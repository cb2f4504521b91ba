using System.Collections.Immutable;

namespace Flywheel.Grains.Messaging;

/// <summary>What is stored of the campaigns that await a person.</summary>
public sealed record AwaitingState
{
    /// <summary>By id; at most <see cref="Domain.Campaigns.Limits.Campaigns"/> over all parts.</summary>
    public ImmutableSortedDictionary<string, AwaitingCampaign> Campaigns { get; init; } = ImmutableSortedDictionary<string, AwaitingCampaign>.Empty;
}
