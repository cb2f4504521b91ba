using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using Flywheel.Abstractions.Campaigns;
using Flywheel.Abstractions.Replicas;
using Flywheel.Domain.Campaigns;
using Flywheel.Grains.Replicas;

namespace Flywheel.Silo.Hosting;

/// <summary>
/// Keeps this silo's replica on its own disk, a file a campaign, so that a start need not fit every segment anew, and while the store is
/// away serves the last policies that it knew. A copy, never an authority: what the cluster says later replaces it, and a file that cannot
/// be read is passed over. Files are written where their campaign changed, some every few seconds, those first that have waited longest, and
/// all at the end.
/// </summary>
internal sealed partial class LocalReplica(IEngineStore store, CampaignReplica replica, ILogger<LocalReplica> logger) : BackgroundService
{
    /// <summary>Of the files; another one is passed over.</summary>
    private const int Format = 2;

    /// <summary>So that ten thousand busy campaigns, of 50 kB each, do not keep the disk writing.</summary>
    private const int MostSaved = 200;

    private static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(5);

    private static readonly JsonSerializerOptions Compact = new() { Converters = { new CompactPolicyConverter() } };

    private long _round;
    private readonly string _folder = store.ReplicaFolder;
    private readonly ConcurrentDictionary<string, (ulong Incarnation, long Changes, long Round)> _saved = new(StringComparer.Ordinal);

    /// <summary>Ends once the files are read. Does not fail: what cannot be read is passed over.</summary>
    public Task Loaded { get; private set; } = Task.CompletedTask;

    /// <summary>Begins to read the files, and does not wait: the silo joins its cluster meanwhile.</summary>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        Loaded = Task.Run(() => LoadAsync(cancellationToken), cancellationToken);
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await SaveAsync(int.MaxValue, cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Loaded;
        using var timer = new PeriodicTimer(SaveEvery);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await SaveAsync(MostSaved, stoppingToken);
    }

    private async Task SaveAsync(int most, CancellationToken cancellationToken)
    {
        try
        {
            _round++;
            // The version is read before what is saved: a change in between is saved twice, and none is taken for saved that is not.
            var changed = replica.Campaigns
                .Select(campaign => (campaign.Published.Id, campaign.Published.Incarnation, Changes: campaign.Changes.Version))
                .Select(now => (Now: now, Saved: _saved.GetValueOrDefault(now.Id)))
                .Where(campaign => (campaign.Saved.Incarnation, campaign.Saved.Changes) != (campaign.Now.Incarnation, campaign.Now.Changes))
                .OrderBy(campaign => campaign.Saved.Round)
                .Take(most)
                .ToList();
            foreach (var (now, _) in changed)
            {
                if (replica.Find(now.Id) is not { } campaign)
                    continue;
                await SaveAsync(campaign, cancellationToken);
                _saved[now.Id] = (now.Incarnation, now.Changes, _round);
            }
            foreach (var id in _saved.Keys.Where(id => replica.Find(id) is null).ToList())
            {
                File.Delete(PathOf(id));
                _saved.TryRemove(id, out _);
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // A copy that cannot be written is no reason to end.
            LogNotSaved(e.Message);
        }
    }

    private async Task SaveAsync(ReplicatedCampaign campaign, CancellationToken cancellationToken)
    {
        var published = campaign.Published;
        var document = new SavedCampaign(Format, published, [.. campaign.Segments.Where(segment => segment.Served is not null).Select(segment => new SegmentFitMessage(
            published.Id, published.Incarnation, segment.Id.Segment, published.LayoutRevision,
            segment.Served!.Counts, segment.Served.Fit, segment.Served.FittedAtMs, segment.Served.Epoch))]);
        // Written beside and moved into place, so that a crash leaves the file before.
        var draft = PathOf(published.Id) + ".new";
        await using (var file = File.Create(draft))
            await JsonSerializer.SerializeAsync(file, document, Compact, cancellationToken);
        File.Move(draft, PathOf(published.Id), overwrite: true);
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        Directory.CreateDirectory(_folder);
        await Parallel.ForEachAsync(Directory.GetFiles(_folder, "*.json"), cancellationToken, LoadAsync);
        if (!_saved.IsEmpty)
            LogLoaded(_saved.Count, (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }

    private async ValueTask LoadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            if (JsonSerializer.Deserialize<SavedCampaign>(await File.ReadAllBytesAsync(path, cancellationToken), Compact) is not { Format: Format } saved)
                return;
            replica.Put(new PublishedCampaignMessage(saved.Published));
            foreach (var segment in saved.Segments)
                replica.Put(segment);
            if (replica.Find(saved.Published.Id) is { } loaded)
                _saved[saved.Published.Id] = (saved.Published.Incarnation, loaded.Changes.Version, 0);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotLoaded(path, e.Message);
        }
    }

    private string PathOf(string campaign) => Path.Combine(_folder, $"{campaign}.json");

    [LoggerMessage(Level = LogLevel.Information, Message = "Campaigns known from this silo's own disk: {Campaigns}, in {ElapsedMs} ms")]
    private partial void LogLoaded(int campaigns, long elapsedMs);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} cannot be read and is passed over: {Why}")]
    private partial void LogNotLoaded(string path, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The replica could not be saved on this silo's own disk: {Why}")]
    private partial void LogNotSaved(string why);

    private sealed record SavedCampaign(int Format, PublishedCampaign Published, ImmutableArray<SegmentFitMessage> Segments);
}
