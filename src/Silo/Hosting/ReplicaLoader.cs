using System.Diagnostics;
using Flywheel.Abstractions.Campaigns;
using Flywheel.Abstractions.Partitions;
using Flywheel.Abstractions.Segments;
using Flywheel.Grains.Replicas;
using Flywheel.Signals;

namespace Flywheel.Silo.Hosting;

/// <summary>
/// Fills this silo's replica: every campaign, and the policy of every segment that has evidence. Afterwards it looks every few seconds for what it was not told of, since messages may be lost: new campaigns, some of the
/// known ones in turn, and segments whose counts are ahead of the replica's.
/// </summary>
internal sealed partial class ReplicaLoader(IGrainFactory grains, ISignalStore store, CampaignReplica replica, TimeProvider time, ILogger<ReplicaLoader> logger) : BackgroundService
{
    private const int CampaignsALook = 200;
    private const int Tries = 20;

    private static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PatienceForPolicies = TimeSpan.FromSeconds(30);

    private HashSet<(string Campaign, string Segment)> _behind = [];
    private string _checkedUpTo = "";

    /// <summary>Loads all that the cluster knows. May be tried again.</summary>
    /// <exception cref="OrleansException">A silo that is asked cannot be reached yet.</exception>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        // What this silo knew before may have changed or gone.
        await LoadCampaignsAsync([.. await ListAsync(cancellationToken), .. replica.Campaigns.Select(campaign => campaign.Published.Id)], cancellationToken);
        await LoadSegmentsAsync(cancellationToken);
        LogLoaded(replica.Campaigns.Count(), (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogLookFailed(e);
            }
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        var listed = await ListAsync(cancellationToken);
        var unlisted = replica.Campaigns.Select(campaign => campaign.Published.Id).Except(listed);
        await LoadCampaignsAsync([.. listed.Where(id => replica.Find(id) is null), .. unlisted, .. InTurn(listed)], cancellationToken);
        var missed = await MissedAsync(cancellationToken);
        // What is on its way is there by the next look.
        await ForEachAsync(missed.Where(owned => _behind.Contains((owned.Segment.Campaign, owned.Segment.Segment))), LoadSegmentAsync, cancellationToken);
        _behind = [.. missed.Select(owned => (owned.Segment.Campaign, owned.Segment.Segment))];
    }

    private async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) => await grains.GetGrain<ICatalogGrain>(0).ListAsync(cancellationToken);

    private List<string> InTurn(IReadOnlyList<string> ids)
    {
        var next = ids.Where(id => string.CompareOrdinal(id, _checkedUpTo) > 0).Take(CampaignsALook).ToList();
        _checkedUpTo = next.Count == CampaignsALook ? next[^1] : "";
        return next;
    }

    private Task LoadCampaignsAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken) => ForEachAsync(ids.Distinct(), async (id, cancel) =>
    {
        var known = replica.Find(id)?.Published.Incarnation;
        var campaign = grains.GetGrain<ICampaignGrain>(id);
        var message = await campaign.DescribeAsync(cancel);
        if (message is { Deleting: true })
            await campaign.DeleteAsync(cancel);
        else if (message is not null)
            replica.Put(message);
        else if (known is { } incarnation)
            replica.Remove(id, incarnation);
    }, cancellationToken);

    /// <summary>Loads the policy of each segment that was counted; after a while the uniform policy stands in for those that are missing.</summary>
    private async Task LoadSegmentsAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(PatienceForPolicies, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        var missed = await MissedAsync(cancellationToken);
        try
        {
            await ForEachAsync(missed, LoadSegmentAsync, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Those that are still missing are named below.
        }
        foreach (var (owned, _) in missed)
        {
            if (replica.Find(owned.Campaign) is { } campaign && campaign.Segment(owned.Segment) is { Served: null } segment)
            {
                campaign.Miss(segment, owned.Version);
                LogNoPolicy(owned.Campaign, owned.Segment);
            }
        }
    }

    /// <summary>Segments whose counts are ahead of what this silo serves them from.</summary>
    private async Task<List<(OwnedSegment Segment, long Epoch)>> MissedAsync(CancellationToken cancellationToken)
    {
        var partitions = await Task.WhenAll(Enumerable.Range(0, store.Partitions).Select(partition => OpenAsync(partition, cancellationToken)));
        return [.. partitions.SelectMany(partition => partition.Segments.Where(segment => IsBehind(segment, partition.Epoch)).Select(segment => (segment, partition.Epoch)))];
    }

    /// <summary>A partition that is on its way to another silo turns calls away for a moment.</summary>
    private async Task<PartitionStatus> OpenAsync(int partition, CancellationToken cancellationToken)
    {
        for (var left = Tries; ; left--)
        {
            try
            {
                return await grains.GetGrain<IPartitionGrain>(partition).OpenAsync(cancellationToken);
            }
            catch (OrleansException) when (left > 0)
            {
                await Task.Delay(RetryEvery, time, cancellationToken);
            }
        }
    }

    private bool IsBehind(OwnedSegment owned, long epoch) =>
        replica.Find(owned.Campaign) is { } campaign && campaign.Published.Incarnation == owned.Incarnation && campaign.Segment(owned.Segment) is { } segment
        && (segment.Served is not { } served || (served.Epoch, served.Counts.Version).CompareTo((epoch, owned.Version)) < 0);

    private async Task LoadSegmentAsync((OwnedSegment Segment, long Epoch) missed, CancellationToken cancellationToken)
    {
        var (owned, epoch) = missed;
        if (await grains.GetGrain<ISegmentGrain>($"{owned.Campaign}/{owned.Segment}").DescribeAsync(epoch, owned.Version, cancellationToken) is { } fit)
            replica.Put(fit);
    }

    private static Task ForEachAsync<T>(IEnumerable<T> items, Func<T, CancellationToken, Task> run, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(items, new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = cancellationToken }, async (item, cancel) => await run(item, cancel));

    [LoggerMessage(Level = LogLevel.Information, Message = "Campaigns served: {Campaigns}, loaded in {ElapsedMs} ms")]
    private partial void LogLoaded(int campaigns, long elapsedMs);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The policy of {Campaign}/{Segment} is not there yet; the uniform policy stands in")]
    private partial void LogNoPolicy(string campaign, string segment);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not look for what was missed; trying again")]
    private partial void LogLookFailed(Exception exception);
}
