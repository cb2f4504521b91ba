using System.Collections.Immutable;
using Flywheel.Abstractions.Messaging;
using Flywheel.Domain.Scoring.Fatigue;
using Flywheel.Domain.Scoring.Insights;
using Flywheel.Domain.Scoring.Readings;
using Flywheel.Grains.Hosting;
using Flywheel.Grains.Replicas;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Placement;

namespace Flywheel.Grains.Agents;

/// <summary>
/// Reads the evidence of one campaign, by its id: what resonates, what fades. Owns the watches for fatigue and stores nothing: lost, they start
/// anew from the evidence there is. Called every few seconds while a campaign's counts change.
/// </summary>
[GrainType("flywheel.analyst")]
[PreferLocalPlacement]
public sealed class AnalystGrain(CampaignReplica replica, [FromKeyedServices(Lane.Fits)] Lane lane, TimeProvider time) : Grain, IAnalystGrain
{
    /// <summary>Segments that are read: those with most impressions.</summary>
    public const int MostSegments = 64;

    private static readonly TimeSpan ReadEvery = TimeSpan.FromSeconds(2);

    private ImmutableDictionary<string, FatigueWatch> _watches = ImmutableDictionary<string, FatigueWatch>.Empty;
    private ImmutableArray<SegmentReading> _readings = [];
    private (ulong Incarnation, long Layout) _of;
    private long? _readAt;

    public async Task<ReadingsMessage?> ReadAsync(CancellationToken cancellationToken)
    {
        if (replica.Find(this.GetPrimaryKeyString()) is not { } campaign)
            return null;
        var of = (campaign.Published.Incarnation, campaign.Published.LayoutRevision);
        if (_of == of && _readAt is { } at && time.GetElapsedTime(at) < ReadEvery)
            return new ReadingsMessage(_readings);
        if (_of.Incarnation != of.Incarnation)
            _watches = _watches.Clear();
        (_watches, _readings) = await lane.RunAsync(() => Look(campaign, _watches));
        (_of, _readAt) = (of, time.GetTimestamp());
        return new ReadingsMessage(_readings);
    }

    public Task<ReadingsMessage?> RecallAsync(CancellationToken cancellationToken) => Task.FromResult(
        _readAt is not null && replica.Find(this.GetPrimaryKeyString())?.Published.Incarnation == _of.Incarnation ? new ReadingsMessage(_readings) : null);

    public async Task<InsightsMessage?> WriteInsightsAsync(string language, CancellationToken cancellationToken) =>
        await ReadAsync(cancellationToken) is { } readings ? new InsightsMessage(InsightWriter.Write(readings.Segments, language)) : null;

    private static (ImmutableDictionary<string, FatigueWatch> Watches, ImmutableArray<SegmentReading> Readings) Look(
        ReplicatedCampaign campaign, ImmutableDictionary<string, FatigueWatch> watches)
    {
        var (next, readings) = (ImmutableDictionary.CreateBuilder<string, FatigueWatch>(), ImmutableArray.CreateBuilder<SegmentReading>());
        var onTrial = (campaign.Published.Eligibility?.Challengers ?? [])
            .Select(challenger => campaign.Layout.KeyOf(challenger.Slot, challenger.Module)).OfType<ulong>().ToHashSet();
        var served = campaign.Segments
            .Select(segment => (segment.Id.Segment, segment.Served!))
            .Where(segment => segment.Item2 is not null)
            .OrderByDescending(segment => segment.Item2.Counts.Randomised.Impressions)
            .Take(MostSegments);
        foreach (var (segment, now) in served)
        {
            var (watch, faded) = watches.GetValueOrDefault(segment, FatigueWatch.None).Observe(now.Counts, campaign.Layout.ModuleKeys, campaign.Rules.CapMicros);
            next[segment] = watch;
            readings.Add(SegmentReading.Of(campaign.Layout, segment, now.Counts, now.Fit, faded, onTrial));
        }
        return (next.ToImmutable(), readings.ToImmutable());
    }
}
