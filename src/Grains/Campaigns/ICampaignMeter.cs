namespace Flywheel.Grains.Campaigns;

/// <summary>Hears what becomes of documents of campaigns.</summary>
public interface ICampaignMeter
{
    /// <summary>One was well formed and could not be stored.</summary>
    void Refused(PublishRefusal why);
}
