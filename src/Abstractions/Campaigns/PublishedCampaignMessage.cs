using Flywheel.Domain.Campaigns;

namespace Flywheel.Abstractions.Campaigns;

/// <summary>A campaign as it is in force.</summary>
/// <param name="Deleting">True where a deletion began and did not finish.</param>
[GenerateSerializer, Immutable, Alias("flywheel.published-campaign-message")]
public sealed record PublishedCampaignMessage(
    [property: Id(0)] PublishedCampaign Published,
    [property: Id(1)] bool Deleting = false);
