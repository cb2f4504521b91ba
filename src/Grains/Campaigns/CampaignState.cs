using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Governance.Proposals;

namespace Flywheel.Grains.Campaigns;

/// <summary>What a campaign stores.</summary>
public sealed record CampaignState
{
    /// <summary>The campaign in force; null where there is none.</summary>
    public PublishedCampaign? Published { get; init; }

    /// <summary>True once a deletion began.</summary>
    public bool Deleting { get; init; }

    /// <summary><c>slot/module</c> of every module this campaign ever had, to be forgotten with it; at most <see cref="CampaignGrain.MaxModules"/>.</summary>
    public ImmutableSortedSet<string> Modules { get; init; } = ImmutableSortedSet<string>.Empty;

    /// <summary>Every segment this campaign ever had; at most <see cref="CampaignGrain.MaxSegments"/>.</summary>
    public ImmutableSortedSet<string> Segments { get; init; } = ImmutableSortedSet<string>.Empty;

    /// <summary>What was done to it and its history may not have yet; null for nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public UntoldHistory? Untold { get; init; }
}
