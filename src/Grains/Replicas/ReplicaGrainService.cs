using Flywheel.Abstractions.Campaigns;
using Flywheel.Abstractions.Replicas;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace Flywheel.Grains.Replicas;

/// <summary>
/// Receives for this silo's replica. Runs on every silo for as long as the silo does; holds nothing of its own. Its calls only
/// swap immutable objects, so they may interleave.
/// </summary>
[Reentrant]
public sealed class ReplicaGrainService(GrainId id, Silo silo, ILoggerFactory loggerFactory, CampaignReplica replica)
    : GrainService(id, silo, loggerFactory), IReplicaGrainService
{
    public Task PutCampaignAsync(PublishedCampaignMessage message)
    {
        replica.Put(message);
        return Task.CompletedTask;
    }

    public Task RemoveCampaignAsync(string campaign, ulong incarnation)
    {
        replica.Remove(campaign, incarnation);
        return Task.CompletedTask;
    }

    public Task PutSegmentAsync(SegmentFitMessage message)
    {
        replica.Put(message);
        return Task.CompletedTask;
    }

    public Task PutMessagingAsync(MessagingStandingMessage message)
    {
        replica.Put(message);
        return Task.CompletedTask;
    }
}
