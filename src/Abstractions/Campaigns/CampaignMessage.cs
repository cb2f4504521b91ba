using Flywheel.Domain.Campaigns;

namespace Flywheel.Abstractions.Campaigns;

/// <summary>A validated campaign to publish.</summary>
[GenerateSerializer, Immutable, Alias("flywheel.campaign-message")]
public sealed record CampaignMessage([property: Id(0)] Campaign Campaign);
