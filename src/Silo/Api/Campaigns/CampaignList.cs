namespace Flywheel.Silo.Api.Campaigns;

/// <summary>The answer of <c>GET /v1/campaigns</c>.</summary>
internal sealed record CampaignList(IReadOnlyList<CampaignListing> Campaigns);
