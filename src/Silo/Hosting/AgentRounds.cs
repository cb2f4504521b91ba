using Flywheel.Abstractions.Messaging;
using Flywheel.Grains.Partitions;
using Flywheel.Grains.Replicas;

namespace Flywheel.Silo.Hosting;

/// <summary>
/// Has the strategist look at each campaign whose counts changed, every few seconds, and wakes those that wait for a writer, once a minute: what was
/// asked for may have been lost with a silo. Each campaign is seen to by one silo: the one that counts its default segment.
/// </summary>
internal sealed partial class AgentRounds(IGrainFactory grains, CampaignReplica replica, PartitionOwners owners, TimeProvider time, ILogger<AgentRounds> logger) : BackgroundService
{
    private const int AtOnce = 4;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan WakeEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>What each campaign's changes were at the last look; at most one entry a campaign.</summary>
    private readonly Dictionary<string, long> _seen = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        long? wokenAt = null;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await Parallel.ForEachAsync(Changed(), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stoppingToken }, LookAsync);
                if (wokenAt is { } at && time.GetElapsedTime(at) < WakeEvery)
                    continue;
                await WakeAsync(stoppingToken);
                wokenAt = time.GetTimestamp();
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(e.Message);
            }
        }
    }

    private List<string> Changed()
    {
        var changed = new List<string>();
        var there = new HashSet<string>(StringComparer.Ordinal);
        foreach (var campaign in replica.Campaigns)
        {
            var (id, changes) = (campaign.Published.Id, campaign.Changes.Version);
            there.Add(id);
            if (!campaign.IsLive || !owners.IsHere(campaign.Default.Partition) || (_seen.TryGetValue(id, out var seen) && seen == changes))
                continue;
            _seen[id] = changes;
            changed.Add(id);
        }
        foreach (var gone in _seen.Keys.Where(id => !there.Contains(id)).ToList())
            _seen.Remove(gone);
        return changed;
    }

    /// <summary>A campaign that cannot be looked at holds up none of the others.</summary>
    private async ValueTask LookAsync(string campaign, CancellationToken cancellationToken)
    {
        try
        {
            await grains.GetGrain<IStrategistGrain>(campaign).LookAsync(cancellationToken).WaitAsync(Patience, time, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotLooked(campaign, e.Message);
        }
    }

    /// <summary>One call a minute where nobody waits, however many campaigns there are.</summary>
    private async Task WakeAsync(CancellationToken cancellationToken)
    {
        foreach (var id in await grains.GetGrain<IOpenRequestsGrain>(0).ListAsync(cancellationToken).WaitAsync(Patience, time, cancellationToken))
        {
            if (replica.Find(id) is { } campaign && owners.IsHere(campaign.Default.Partition))
                await grains.GetGrain<IMessagingGrain>(id).WakeAsync(cancellationToken).WaitAsync(Patience, time, cancellationToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The agents could not make their round; trying again: {Why}")]
    private partial void LogFailed(string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The agents could not look at {Campaign}; trying again when it changes: {Why}")]
    private partial void LogNotLooked(string campaign, string why);
}
