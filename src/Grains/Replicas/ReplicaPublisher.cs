using System.Collections.Concurrent;
using Flywheel.Abstractions.Campaigns;
using Flywheel.Abstractions.Replicas;
using Microsoft.Extensions.Logging;
using Orleans.Runtime.Services;

namespace Flywheel.Grains.Replicas;

/// <summary>
/// Tells the replica of this silo, which is in the same memory and always told, and that of every other active silo, and waits for each of
/// those a bounded time, so that one that froze does not hold up the others. A silo that was not told looks for what it missed by itself.
/// </summary>
public sealed partial class ReplicaPublisher(
    IServiceProvider services, ISiloStatusOracle silos, ILocalSiloDetails here, CampaignReplica replica, TimeProvider time, ILogger<ReplicaPublisher> logger)
    : GrainServiceClient<IReplicaGrainService>(services)
{
    private static readonly TimeSpan PatienceForCampaigns = TimeSpan.FromSeconds(5);

    /// <summary>Counts are told again with the next signals; what waits here waits for those.</summary>
    private static readonly TimeSpan PatienceForSegments = TimeSpan.FromMilliseconds(300);

    private static readonly TimeSpan LogEvery = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<SiloAddress, long> _loggedAt = new();

    public Task PutCampaignAsync(PublishedCampaignMessage message)
    {
        replica.Put(message);
        return TellOthersAsync(service => service.PutCampaignAsync(message), message.Published.Id, PatienceForCampaigns);
    }

    public Task RemoveCampaignAsync(string campaign, ulong incarnation)
    {
        replica.Remove(campaign, incarnation);
        return TellOthersAsync(service => service.RemoveCampaignAsync(campaign, incarnation), campaign, PatienceForCampaigns);
    }

    public Task PutSegmentAsync(SegmentFitMessage message)
    {
        replica.Put(message);
        return TellOthersAsync(service => service.PutSegmentAsync(message), message.Campaign, PatienceForSegments);
    }

    public Task PutMessagingAsync(MessagingStandingMessage message)
    {
        replica.Put(message);
        return TellOthersAsync(service => service.PutMessagingAsync(message), message.Campaign, PatienceForSegments);
    }

    /// <remarks>Right after a silo has started, it may not be in its own list of active ones yet.</remarks>
    private Task TellOthersAsync(Func<IReplicaGrainService, Task> tell, string campaign, TimeSpan patience) =>
        Task.WhenAll(silos.GetApproximateSiloStatuses(onlyActive: true).Keys.Where(silo => !silo.Equals(here.SiloAddress)).Select(silo => TellAsync(silo, tell, campaign, patience)));

    private async Task TellAsync(SiloAddress silo, Func<IReplicaGrainService, Task> tell, string campaign, TimeSpan patience)
    {
        var told = tell(GetGrainService(silo));
        try
        {
            // By the machine's clock: a test that stops its own still needs an answer.
            await told.WaitAsync(patience, TimeProvider.System);
        }
        catch (Exception e) when (e is OrleansException or TimeoutException)
        {
            told.Ignore();
            if (ShouldLog(silo))
                LogUnreachable(silo, campaign, e.Message);
        }
    }

    /// <summary>A silo that is gone is missed by every segment many times a second until it is voted out; one line will do.</summary>
    private bool ShouldLog(SiloAddress silo)
    {
        var now = time.GetTimestamp();
        if (_loggedAt.TryGetValue(silo, out var last) && time.GetElapsedTime(last, now) < LogEvery)
            return false;
        if (_loggedAt.Count > 100)
            _loggedAt.Clear();
        _loggedAt[silo] = now;
        return true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Silo {Silo} was not told of a change to campaign {Campaign}: {Why}")]
    private partial void LogUnreachable(SiloAddress silo, string campaign, string why);
}
