namespace Flywheel.Client;

internal sealed record CampaignList(IReadOnlyList<CampaignSummary> Campaigns);
