using System.Collections.Concurrent;
using System.Collections.Immutable;
using Flywheel.Abstractions.Webhooks;
using Flywheel.Decisions;
using Flywheel.Domain.Experiments;
using Flywheel.Domain.Learning;
using Flywheel.Domain.Scoring;
using Flywheel.Domain.Webhooks;
using Flywheel.Grains.Partitions;
using Flywheel.Grains.Replicas;
using Flywheel.Silo.Api.Overview;

namespace Flywheel.Silo.Api.Webhooks;

/// <summary>
/// Has the watch look at each campaign that changed and whose tenant has webhooks, every few seconds, and wakes webhooks, once a minute: what waits there may
/// have been left by a silo that died. Each campaign and each webhook is seen to by one silo. Where there are no webhooks it costs a call a round.
/// </summary>
internal sealed partial class WebhookRounds(
    IGrainFactory grains, CampaignReplica replica, PartitionOwners owners, TrafficRates rates, TimeProvider time, ILogger<WebhookRounds> logger) : BackgroundService
{
    private const int AtOnce = 4;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan WakeEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>What each campaign was at the last look; at most one entry a campaign.</summary>
    private readonly ConcurrentDictionary<string, Look> _seen = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        long? wokenAt = null;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var hooks = await grains.GetGrain<IWebhookDirectoryGrain>(0).ListAsync(stoppingToken).WaitAsync(Patience, time, stoppingToken);
                if (wokenAt is not { } at || time.GetElapsedTime(at) >= WakeEvery)
                {
                    await EachAsync(hooks.Where(hook => owners.IsHere((int)(Mixing.Of(hook) % (uint)replica.Partitions))), WakeAsync, stoppingToken);
                    wokenAt = time.GetTimestamp();
                }
                await EachAsync(Changed(hooks), LookAsync, stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(e.Message);
            }
        }
    }

    private static Task EachAsync<T>(IEnumerable<T> all, Func<T, CancellationToken, ValueTask> act, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(all, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, act);

    /// <summary>Those that are this silo's to see to and are not as they were at the last look.</summary>
    private List<ReplicatedCampaign> Changed(IReadOnlyList<string> hooks)
    {
        var tenants = hooks.Select(hook => CampaignKeys.TenantOf(hook).ToString()).ToHashSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        var changed = new List<ReplicatedCampaign>();
        var there = new HashSet<string>(StringComparer.Ordinal);
        foreach (var campaign in replica.Campaigns)
        {
            var id = campaign.Published.Id;
            if (!tenants.Contains(CampaignKeys.TenantOf(id)) || !owners.IsHere(campaign.Default.Partition))
                continue;
            there.Add(id);
            var known = _seen.GetValueOrDefault(id);
            var look = Next(campaign, known);
            if (look == known)
                continue;
            _seen[id] = look;
            changed.Add(campaign);
        }
        foreach (var gone in _seen.Keys.Where(id => !there.Contains(id)).ToList())
            _seen.TryRemove(gone, out _);
        return changed;
    }

    /// <summary>A change is looked at twice, a round apart: the analyst may have read it in between.</summary>
    private Look Next(ReplicatedCampaign campaign, Look? known)
    {
        var changes = campaign.Changes.Version;
        return new Look(changes, rates.IsStale(campaign.Published.Id), IsSettled: known?.Changes == changes);
    }

    /// <summary>A campaign that cannot be looked at holds up none of the others, and is looked at in the next round.</summary>
    private async ValueTask LookAsync(ReplicatedCampaign campaign, CancellationToken cancellationToken)
    {
        var id = campaign.Published.Id;
        try
        {
            var counts = campaign.Segments.Select(segment => segment.Served?.Counts).OfType<SegmentCounts>().ToList();
            var reading = ExperimentReading.Of(counts, campaign.Rules.CapMicros);
            var isStale = _seen.TryGetValue(id, out var look) && look.IsStale;
            var ledger = counts.Aggregate(default(SignalLedger), (sum, each) => sum + each.Ledger);
            var sighting = new CampaignSighting(campaign.Published.Incarnation, reading.Verdict, Finite(reading.Lift), [.. CampaignProblems.Of(reading.Ratio, ledger, isStale, had: [])])
            {
                Lasting = [.. CampaignProblems.Of(reading.Ratio, ledger, isStale, had: CampaignProblems.All)],
            };
            var standing = campaign.Messaging.Current;
            await grains.GetGrain<ICampaignWatchGrain>(id).LookAsync(new SightingMessage(sighting, standing?.Entries ?? 0, standing?.Pending ?? 0), cancellationToken)
                .WaitAsync(Patience, time, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            _seen.TryRemove(id, out _);
            LogNotLooked(id, e.Message);
        }
    }

    private async ValueTask WakeAsync(string hook, CancellationToken cancellationToken)
    {
        try
        {
            await grains.GetGrain<IWebhookGrain>(hook).WakeAsync(cancellationToken).WaitAsync(Patience, time, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotWoken(hook, e.Message);
        }
    }

    private static Interval? Finite(Interval? lift) =>
        lift is { } known && double.IsFinite(known.Mean) && double.IsFinite(known.Low) && double.IsFinite(known.High) ? known : null;

    [LoggerMessage(Level = LogLevel.Warning, Message = "Webhooks could not be seen to; trying again: {Why}")]
    private partial void LogFailed(string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The webhooks of {Campaign} were not told; trying again: {Why}")]
    private partial void LogNotLooked(string campaign, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The webhook {Hook} could not be woken; trying again in a minute: {Why}")]
    private partial void LogNotWoken(string hook, string why);

    /// <param name="Changes">The version of the campaign's changes.</param>
    /// <param name="IsSettled">Whether it was looked at once more since.</param>
    private sealed record Look(long Changes, bool IsStale, bool IsSettled);
}
