using Flywheel.Abstractions.Campaigns;
using Orleans.Services;

namespace Flywheel.Abstractions.Replicas;

/// <summary>The replica that each silo answers decisions from. Messages may be lost or reordered: the newest revision stays.</summary>
[Alias("flywheel.replica")]
public interface IReplicaGrainService : IGrainService
{
    [Alias("campaign")]
    Task PutCampaignAsync(PublishedCampaignMessage message);

    [Alias("remove")]
    Task RemoveCampaignAsync(string campaign, ulong incarnation);

    [Alias("segment")]
    Task PutSegmentAsync(SegmentFitMessage message);

    [Alias("messaging")]
    Task PutMessagingAsync(MessagingStandingMessage message);
}
