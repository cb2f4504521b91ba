using System.Diagnostics;
using Flywheel.Abstractions.Campaigns;
using Flywheel.Abstractions.Partitions;
using Flywheel.Grains.Replicas;
using Flywheel.Signals;

namespace Flywheel.Silo.Hosting;

/// <summary>
/// Fills this silo's replica before the first request is taken: every campaign, and the policy of every segment that has
/// evidence. Afterwards it looks every few seconds for campaigns it was not told of.
/// </summary>
internal sealed partial class ReplicaLoader(IGrainFactory grains, ISignalStore store, CampaignReplica replica, TimeProvider time, ILogger<ReplicaLoader> logger) : BackgroundService
{
    private const int Parallel = 32;

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PatienceForPolicies = TimeSpan.FromSeconds(30);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        await LoadCampaignsAsync(cancellationToken);
        var partitions = await Task.WhenAll(Enumerable.Range(0, store.Partitions).Select(partition => grains.GetGrain<IPartitionGrain>(partition).OpenAsync(cancellationToken)));
        await AwaitPoliciesAsync([.. partitions.SelectMany(partition => partition.Segments)], cancellationToken);
        LogLoaded(replica.Campaigns.Count(), (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await LoadCampaignsAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogLookFailed(e);
            }
        }
    }

    private async Task LoadCampaignsAsync(CancellationToken cancellationToken)
    {
        var ids = await grains.GetGrain<ICatalogGrain>(0).ListAsync(cancellationToken);
        var unknown = ids.Where(id => replica.Find(id) is null);
        await System.Threading.Tasks.Parallel.ForEachAsync(unknown, new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellationToken }, async (id, cancel) =>
        {
            var campaign = grains.GetGrain<ICampaignGrain>(id);
            var message = await campaign.DescribeAsync(cancel);
            if (message is { Deleting: true })
                await campaign.DeleteAsync(cancel);
            else if (message is not null)
                replica.Put(message);
        });
    }

    /// <summary>Waits until the segments that were counted have their policies; after a while the uniform policy stands in for those that are missing.</summary>
    private async Task AwaitPoliciesAsync(IReadOnlyList<OwnedSegment> segments, CancellationToken cancellationToken)
    {
        var deadline = time.GetTimestamp();
        foreach (var owned in segments)
        {
            while (replica.Find(owned.Campaign) is { } campaign && campaign.Published.Incarnation == owned.Incarnation
                && campaign.Segment(owned.Segment) is { } segment && (segment.Served?.Counts.Version ?? -1) < owned.Version)
            {
                if (time.GetElapsedTime(deadline) > PatienceForPolicies)
                {
                    campaign.Miss(segment, owned.Version);
                    LogNoPolicy(owned.Campaign, owned.Segment);
                    break;
                }
                await Task.WhenAny(campaign.Changes.NextAsync(), Task.Delay(TimeSpan.FromMilliseconds(20), time, cancellationToken));
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Campaigns served: {Campaigns}, loaded in {ElapsedMs} ms")]
    private partial void LogLoaded(int campaigns, long elapsedMs);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The policy of {Campaign}/{Segment} is not there yet; the uniform policy stands in")]
    private partial void LogNoPolicy(string campaign, string segment);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not look for new campaigns; trying again")]
    private partial void LogLookFailed(Exception exception);
}
