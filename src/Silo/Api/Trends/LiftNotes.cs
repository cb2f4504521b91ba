using System.Collections.Concurrent;
using Flywheel.Client;
using Flywheel.Domain.Learning;
using Flywheel.Grains.Replicas;
using Flywheel.Silo.Api.Experiments;

namespace Flywheel.Silo.Api.Trends;

/// <summary>
/// Notes what the experiment of each campaign says while it changes: every half minute at first. Where there are <see cref="Most"/> notes,
/// every second one goes and they come half as often from then on, so that they always span the time since this silo started. Kept in memory
/// alone: some 10 KB a campaign with rewards, at most.
/// </summary>
internal sealed class LiftNotes(CampaignReplica replica, TimeProvider time) : BackgroundService
{
    public const int Most = 96;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, Notes> _notes = new(StringComparer.Ordinal);
    private readonly DateTimeOffset _since = time.GetUtcNow();

    /// <summary>What was noted of a campaign.</summary>
    public ExperimentTrend Of(ReplicatedCampaign campaign) =>
        _notes.TryGetValue(campaign.Published.Id, out var notes) && notes.Incarnation == campaign.Published.Incarnation
            ? new ExperimentTrend(notes.Since, notes.Points)
            : new ExperimentTrend(_since, []);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            Take();
    }

    /// <summary>Notes every campaign whose time has come.</summary>
    internal void Take()
    {
        var there = new HashSet<string>(StringComparer.Ordinal);
        foreach (var campaign in replica.Campaigns)
        {
            var id = campaign.Published.Id;
            there.Add(id);
            var known = _notes.GetValueOrDefault(id);
            if (known is null || known.Incarnation != campaign.Published.Incarnation)
                known = new Notes(campaign.Published.Incarnation, time.GetUtcNow(), -1, Every, []);
            _notes[id] = Next(campaign, known);
        }
        foreach (var gone in _notes.Keys.Where(id => !there.Contains(id)))
            _notes.TryRemove(gone, out _);
    }

    private Notes Next(ReplicatedCampaign campaign, Notes known)
    {
        // A little early is in time: timers are.
        var (changes, now) = (campaign.Changes.Version, time.GetUtcNow());
        if (changes == known.Changes || known.Points.Length > 0 && now - known.Points[^1].At < known.Apart - Every / 2)
            return known;
        var counts = campaign.Segments.Select(segment => segment.Served?.Counts).OfType<SegmentCounts>().ToList();
        var reading = Domain.Experiments.ExperimentReading.Of(counts, campaign.Rules.CapMicros);
        if (reading.Lift is not { } lift)
            return known with { Changes = changes };
        var note = new LiftPoint(
            now,
            reading.Learned.Decisions + reading.Control.Decisions,
            reading.Learned.Impressions + reading.Control.Impressions,
            new Estimate(Math.Round(lift.Mean, 6), Math.Round(lift.Low, 6), Math.Round(lift.High, 6)),
            ExperimentWriter.NameOf(reading.Verdict));
        LiftPoint[] points = [.. known.Points, note];
        return points.Length <= Most
            ? known with { Changes = changes, Points = points }
            : known with { Changes = changes, Points = [.. points.Where((_, place) => place % 2 == 0)], Apart = known.Apart * 2 };
    }

    private sealed record Notes(ulong Incarnation, DateTimeOffset Since, long Changes, TimeSpan Apart, LiftPoint[] Points);
}
