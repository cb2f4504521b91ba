using System.Collections.Concurrent;
using Flywheel.Decisions;
using Flywheel.Domain.Learning;
using Flywheel.Grains.Replicas;

namespace Flywheel.Silo.Api.Overview;

/// <summary>
/// Decisions a second by campaign, and signals a second of all, smoothed over some ten seconds. Made of the counts that this silo's replica
/// holds, which are those of the whole cluster; and of which campaigns this silo serves decisions that no policy learns of. At most one entry a
/// campaign; a campaign that did not change costs a comparison.
/// </summary>
internal sealed class TrafficRates(CampaignReplica replica, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    /// <summary>In seconds: after this long without decisions, a rate is e times smaller.</summary>
    private const double Smoothing = 10;

    /// <summary>A rate below this is 0, so that what fell silent stays still.</summary>
    private const double Least = 0.05;

    /// <summary>A policy of a campaign with traffic is made every second or so.</summary>
    private static readonly TimeSpan StaleAfter = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Sample> _samples = new(StringComparer.Ordinal);
    private double _signals;

    /// <summary>Signals accepted a second.</summary>
    public double Signals => Round(Volatile.Read(ref _signals));

    /// <summary>Decisions a second of all campaigns.</summary>
    public double Decisions => Round(_samples.Values.Sum(sample => sample.Rate));

    /// <summary>Decisions a second, to two digits; 0 for a campaign that was not seen twice yet.</summary>
    public double Of(string campaign) => Round(_samples.GetValueOrDefault(campaign)?.Rate ?? 0);

    /// <summary>
    /// Whether this silo served decisions of the campaign more than a minute ago, and none of its policies was made anew since. Traffic that begins or ends makes none stale.
    /// </summary>
    public bool IsStale(string campaign) => time.GetUtcNow() - _samples.GetValueOrDefault(campaign)?.WaitingSince > StaleAfter;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        var last = time.GetTimestamp();
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var now = time.GetTimestamp();
            Take(time.GetElapsedTime(last, now).TotalSeconds);
            last = now;
        }
    }

    /// <summary>Compares with what was there so many seconds ago.</summary>
    internal void Take(double seconds)
    {
        var fresh = 1 - Math.Exp(-seconds / Smoothing);
        var accepted = 0L;
        var there = new HashSet<string>(StringComparer.Ordinal);
        foreach (var campaign in replica.Campaigns)
        {
            var id = campaign.Published.Id;
            there.Add(id);
            var known = _samples.GetValueOrDefault(id);
            var sample = Next(campaign, known, seconds, fresh);
            if (known?.Incarnation == sample.Incarnation)
                accepted += Math.Max(0, sample.Accepted - known.Accepted);
            if (sample != known)
                _samples[id] = sample;
        }
        foreach (var gone in _samples.Keys.Where(id => !there.Contains(id)))
            _samples.TryRemove(gone, out _);
        var rate = _signals + fresh * (accepted / seconds - _signals);
        Volatile.Write(ref _signals, rate < Least ? 0 : rate);
    }

    private Sample Next(ReplicatedCampaign campaign, Sample? known, double seconds, double fresh)
    {
        var (incarnation, changes) = (campaign.Published.Incarnation, campaign.Changes.Version);
        var isNew = known is null || known.Incarnation != incarnation;
        // Fits are read before the traffic: what is served after both were read has a later fit, once it has one.
        var fits = !isNew && known!.Changes == changes ? known.Fits : campaign.Segments.Sum(segment => segment.Served?.FittedAtMs ?? 0);
        var takes = campaign.Unreported.Takes;
        var isServed = !isNew && (campaign.Unreported.IsSet || takes != known!.Takes);
        var waitingSince = isNew || fits != known!.Fits ? null : known.WaitingSince ?? (isServed ? time.GetUtcNow() : null);
        if (!isNew && known!.Changes == changes && known.Rate == 0 && known.Takes == takes && known.WaitingSince == waitingSince)
            return known;
        if (!isNew && known!.Changes == changes)
            return known with { Rate = Smoothed(known.Rate, 0, fresh), Takes = takes, WaitingSince = waitingSince };
        var (decisions, accepted) = (0L, 0L);
        foreach (var counts in campaign.Segments.Select(segment => segment.Served?.Counts).OfType<SegmentCounts>())
        {
            decisions += counts.Randomised.Decisions;
            accepted += counts.Ledger.Accepted;
        }
        // What is seen for the first time may have been counted over days.
        var rate = isNew ? 0 : Smoothed(known!.Rate, Math.Max(0, decisions - known.Decisions) / seconds, fresh);
        return new Sample(incarnation, changes, decisions, accepted, rate, fits, takes, waitingSince);
    }

    private static double Smoothed(double rate, double now, double fresh) => rate + fresh * (now - rate) is var next && next < Least ? 0 : next;

    /// <summary>To two digits, so that what is steady stays still.</summary>
    private static double Round(double rate)
    {
        if (rate <= 0)
            return 0;
        var scale = Math.Pow(10, Math.Floor(Math.Log10(rate)) - 1);
        return Math.Round(Math.Round(rate / scale) * scale, 2);
    }

    /// <param name="Changes">The version of the campaign's changes.</param>
    /// <param name="Fits">Changes with every fit: the sum of the times of its segments'.</param>
    /// <param name="Takes">See <see cref="ServedMark.Takes"/>.</param>
    /// <param name="WaitingSince">When decisions were first served that no policy was made after; null where there are none.</param>
    private sealed record Sample(
        ulong Incarnation, long Changes, long Decisions, long Accepted, double Rate, long Fits, long Takes, DateTimeOffset? WaitingSince);
}
