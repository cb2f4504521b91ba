using Flywheel.Abstractions.Campaigns;
using Flywheel.Abstractions.Replicas;
using Microsoft.Extensions.Logging;
using Orleans.Runtime.Services;

namespace Flywheel.Grains.Replicas;

/// <summary>
/// Tells the replica of every active silo. A silo that cannot be reached is logged and left behind until the next change.
/// </summary>
public sealed partial class ReplicaPublisher(IServiceProvider services, ISiloStatusOracle silos, ILogger<ReplicaPublisher> logger)
    : GrainServiceClient<IReplicaGrainService>(services)
{
    public Task PutCampaignAsync(PublishedCampaignMessage message) =>
        TellAllAsync(service => service.PutCampaignAsync(message), message.Published.Id);

    public Task RemoveCampaignAsync(string campaign, ulong incarnation) =>
        TellAllAsync(service => service.RemoveCampaignAsync(campaign, incarnation), campaign);

    public Task PutSegmentAsync(SegmentFitMessage message) =>
        TellAllAsync(service => service.PutSegmentAsync(message), message.Campaign);

    private Task TellAllAsync(Func<IReplicaGrainService, Task> tell, string campaign) =>
        Task.WhenAll(silos.GetApproximateSiloStatuses(onlyActive: true).Keys.Select(silo => TellAsync(silo, tell, campaign)));

    private async Task TellAsync(SiloAddress silo, Func<IReplicaGrainService, Task> tell, string campaign)
    {
        try
        {
            await tell(GetGrainService(silo));
        }
        catch (Exception e) when (e is OrleansException or TimeoutException)
        {
            LogUnreachable(e, silo, campaign);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Silo {Silo} was not told of a change to campaign {Campaign}")]
    private partial void LogUnreachable(Exception exception, SiloAddress silo, string campaign);
}
