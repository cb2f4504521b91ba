using System.Collections.Concurrent;
using System.Diagnostics;
using Flywheel.Abstractions.Campaigns;
using Flywheel.Abstractions.Messaging;
using Flywheel.Abstractions.Partitions;
using Flywheel.Abstractions.Replicas;
using Flywheel.Abstractions.Segments;
using Flywheel.Grains.Messaging;
using Flywheel.Grains.Replicas;
using Flywheel.Signals;
using Flywheel.Silo.Api;

namespace Flywheel.Silo.Hosting;

/// <summary>
/// Fills this silo's replica: every campaign, and the policy of every segment that has evidence. Afterwards it looks every few seconds for
/// what it was not told of, since messages may be lost: new campaigns, some of the known ones in turn, and segments whose counts are ahead
/// of the replica's. A campaign or a segment that cannot be loaded holds up none of the others: the replica keeps what it has of it, and
/// each look tries it again.
/// </summary>
internal sealed partial class ReplicaLoader(IGrainFactory grains, ISignalStore store, CampaignReplica replica, CrowdedTenants crowded, TimeProvider time, ILogger<ReplicaLoader> logger) : BackgroundService
{
    private const int CampaignsALook = 200;
    private const int Tries = 20;
    private const int TriesOfEach = 3;

    /// <summary>Where more campaigns than this cannot be loaded, it is not they that are at fault.</summary>
    private const int MostFailed = 32;

    private static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetryEachEvery = TimeSpan.FromSeconds(1);

    /// <summary>With <see cref="TriesOfEach"/>, longer than a silo that froze is taken for a member.</summary>
    private static readonly TimeSpan PatienceForACampaign = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan PatienceForPolicies = TimeSpan.FromSeconds(30);

    /// <summary>Campaigns, and segments as campaign/segment, whose last try failed.</summary>
    private readonly ConcurrentDictionary<string, bool> _failing = new(StringComparer.Ordinal);

    private HashSet<(string Campaign, string Segment)> _behind = [];
    private string _checkedUpTo = "";
    private int _nextPart;

    /// <summary>Loads all that the cluster knows. May be tried again.</summary>
    /// <exception cref="OrleansException">A silo that is asked cannot be reached yet.</exception>
    /// <exception cref="StoreUnavailableException">The store is away, or so many campaigns cannot be loaded that it is not they that are at fault.</exception>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        // What this silo knew before may have changed or gone.
        var failed = await LoadCampaignsAsync([.. await ListAsync(cancellationToken), .. replica.Campaigns.Select(campaign => campaign.Published.Id)], TriesOfEach, cancellationToken);
        if (failed.Count > 0 && store.Trouble is { } trouble)
            throw new StoreUnavailableException(trouble);
        if (failed.Count > MostFailed)
            throw new StoreUnavailableException($"{failed.Count} campaigns could not be loaded, {failed[0]} among them.");
        await LoadSegmentsAsync(cancellationToken);
        await LoadStandingsAsync(Enumerable.Range(0, AwaitingParts.Count), TriesOfEach, cancellationToken);
        LogLoaded(replica.Campaigns.Count(), (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }

    /// <summary>
    /// Loads those of the campaigns that there are. Names that the catalogue does not list cost one call, however many they are.
    /// </summary>
    /// <returns>Those that there are and that could not be loaded.</returns>
    public async Task<IReadOnlyList<string>> LookForAsync(IEnumerable<string> ids, CancellationToken cancellationToken) =>
        await LoadCampaignsAsync([.. (await ListAsync(cancellationToken)).Intersect(ids)], 1, cancellationToken);

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
        await LoadCampaignsAsync([.. listed.Where(id => replica.Find(id) is null), .. unlisted, .. InTurn(listed)], 1, cancellationToken);
        await LoadStandingsAsync([_nextPart++ % AwaitingParts.Count], 1, cancellationToken);
        crowded.Take(await CrowdedAsync(withIds: true, cancellationToken), await CrowdedAsync(withIds: false, cancellationToken));
        var missed = await MissedAsync(cancellationToken);
        // What is on its way is there by the next look.
        await LoadEachAsync(missed.Where(owned => _behind.Contains((owned.Segment.Campaign, owned.Segment.Segment))), NameOf, LoadSegmentAsync, PatienceForPolicies, 1, cancellationToken);
        _behind = [.. missed.Select(owned => (owned.Segment.Campaign, owned.Segment.Segment))];
    }

    private async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) => await grains.GetGrain<ICatalogGrain>(0).ListAsync(cancellationToken);

    private List<string> InTurn(IReadOnlyList<string> ids)
    {
        var next = ids.Where(id => string.CompareOrdinal(id, _checkedUpTo) > 0).Take(CampaignsALook).ToList();
        _checkedUpTo = next.Count == CampaignsALook ? next[^1] : "";
        return next;
    }

    private Task<IReadOnlyList<string>> LoadCampaignsAsync(IEnumerable<string> ids, int tries, CancellationToken cancellationToken) =>
        LoadEachAsync(ids.Distinct(), id => id, LoadCampaignAsync, PatienceForACampaign, tries, cancellationToken);

    private async Task LoadCampaignAsync(string id, CancellationToken cancellationToken)
    {
        var known = replica.Find(id);
        var campaign = grains.GetGrain<ICampaignGrain>(id);
        var message = await campaign.DescribeAsync(cancellationToken);
        if (message is { Deleting: true })
            await campaign.DeleteAsync(cancellationToken);
        else if (message is not null)
            replica.PutAnswer(message, known);
        else if (known is not null)
            replica.Remove(id, known.Published.Incarnation);
    }

    private Task<IReadOnlyList<int>> LoadStandingsAsync(IEnumerable<int> parts, int tries, CancellationToken cancellationToken) =>
        LoadEachAsync(parts, part => $"what awaits a person ({part})", LoadStandingAsync, PatienceForACampaign, tries, cancellationToken);

    /// <summary>Takes what is noted of a part's campaigns; of those that are not noted any more, nothing awaits a person.</summary>
    private async Task LoadStandingAsync(int part, CancellationToken cancellationToken)
    {
        var known = replica.Campaigns.Select(campaign => campaign.Messaging.Current).OfType<MessagingStandingMessage>()
            .Where(standing => standing.IsNotable && AwaitingParts.Of(standing.Campaign) == part).ToList();
        var noted = await grains.GetGrain<IAwaitingGrain>(part).ListAsync(cancellationToken);
        foreach (var standing in noted)
            replica.Put(standing);
        var there = noted.Select(standing => standing.Campaign).ToHashSet(StringComparer.Ordinal);
        foreach (var standing in known.Where(standing => !there.Contains(standing.Campaign)))
            replica.Clear(standing);
    }

    /// <summary>
    /// Loads the policy of each segment that was counted, unless this silo's own disk had one of the same version: the next looks see to
    /// those, which may be of an owner whose last counts the store has lost. After a while the uniform policy stands in for those that are missing.
    /// </summary>
    private async Task LoadSegmentsAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(PatienceForPolicies, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        var missed = (await MissedAsync(cancellationToken)).FindAll(owned => replica.Find(owned.Segment.Campaign)?.Segment(owned.Segment.Segment)?.Served?.Counts.Version != owned.Segment.Version);
        try
        {
            await LoadEachAsync(missed, NameOf, LoadSegmentAsync, PatienceForPolicies, TriesOfEach, either.Token);
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

    private async Task<IEnumerable<(int, string)>> CrowdedAsync(bool withIds, CancellationToken cancellationToken) =>
        (await Task.WhenAll(Enumerable.Range(0, store.Partitions).Select(async partition =>
        {
            try
            {
                return (await grains.GetGrain<IPartitionGrain>(partition).CrowdedAsync(withIds, cancellationToken)).Select(tenant => (partition, tenant));
            }
            catch (Exception e) when (Failures.IsAway(e))
            {
                // Away, on its way to another silo, or owned by one that does not know the question yet: the next look asks again.
                return [];
            }
        }))).SelectMany(tenants => tenants);

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

    private static string NameOf((OwnedSegment Segment, long Epoch) missed) => $"{missed.Segment.Campaign}/{missed.Segment.Segment}";

    /// <summary>Loads each by itself, and those that failed again. Returns those that failed to the end.</summary>
    private async Task<IReadOnlyList<T>> LoadEachAsync<T>(
        IEnumerable<T> items, Func<T, string> nameOf, Func<T, CancellationToken, Task> load, TimeSpan patience, int tries, CancellationToken cancellationToken)
    {
        for (var left = tries; ; left--)
        {
            var failed = new ConcurrentQueue<(T Item, string Why)>();
            await Parallel.ForEachAsync(items, new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = cancellationToken }, async (item, cancel) =>
            {
                try
                {
                    await load(item, cancel).WaitAsync(patience, time, cancel);
                    _failing.TryRemove(nameOf(item), out _);
                }
                catch (Exception e) when (!cancel.IsCancellationRequested)
                {
                    failed.Enqueue((item, e.Message));
                }
            });
            if (failed.IsEmpty || left == 1)
            {
                Say([.. failed.Select(each => (nameOf(each.Item), each.Why))]);
                return [.. failed.Select(each => each.Item)];
            }
            items = [.. failed.Select(each => each.Item)];
            await Task.Delay(RetryEachEvery, time, cancellationToken);
        }
    }

    /// <summary>Says once of each that it fails, until it does not; where it is many, it is one thing that fails.</summary>
    private void Say(IReadOnlyList<(string Name, string Why)> failed)
    {
        var fresh = failed.Where(each => _failing.TryAdd(each.Name, true)).ToList();
        foreach (var (name, why) in fresh.Take(MostFailed))
            LogNotLoaded(name, why);
        if (fresh.Count > MostFailed)
            LogMoreNotLoaded(fresh.Count - MostFailed);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Campaigns served: {Campaigns}, loaded in {ElapsedMs} ms")]
    private partial void LogLoaded(int campaigns, long elapsedMs);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The policy of {Campaign}/{Segment} is not there yet; the uniform policy stands in")]
    private partial void LogNoPolicy(string campaign, string segment);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Name} could not be loaded: {Why} Trying again every few seconds; meanwhile it is served as it was known, if it was")]
    private partial void LogNotLoaded(string name, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Neither could {Many} more")]
    private partial void LogMoreNotLoaded(int many);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not look for what was missed; trying again")]
    private partial void LogLookFailed(Exception exception);
}
