namespace Flywheel.Domain.Campaigns;

/// <summary>Whether a campaign is served.</summary>
public enum CampaignStatus
{
    Live,
    Paused,
}
