using Flywheel.Abstractions.Partitions;
using Flywheel.Abstractions.Replicas;
using Flywheel.Abstractions.Segments;
using Flywheel.Domain.Learning;
using Flywheel.Grains.Hosting;
using Flywheel.Grains.Replicas;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Placement;

namespace Flywheel.Grains.Segments;

/// <summary>
/// One segment of a campaign, by <c>campaign/segment</c>. Owns the fit of its policy; stores nothing, since the policy is a
/// pure function of the counts that its partition stores. Refits on a timer while counts change, at most five times a second, in
/// a <see cref="Lane"/>; without traffic it does nothing at all.
/// </summary>
[GrainType("flywheel.segment")]
[PreferLocalPlacement]
public sealed class SegmentGrain(CampaignReplica replica, ReplicaPublisher replicas, ILearner learner, [FromKeyedServices(Lane.Fits)] Lane fits, IFitMeter meter, TimeProvider time) : Grain, ISegmentGrain
{
    private static readonly TimeSpan RefitEvery = TimeSpan.FromMilliseconds(200);

    private SegmentCountsMessage? _latest;
    private SegmentFitMessage? _told;
    private GroupTally _fitted;
    private long _rollbacks;
    private long? _fittedAt;
    private IGrainTimer? _timer;
    private bool _isDue;

    private string Campaign => this.GetPrimaryKeyString().Split('/')[0];

    private string Segment => this.GetPrimaryKeyString().Split('/')[1];

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _timer = this.RegisterGrainTimer(FitAsync, new GrainTimerCreationOptions(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
        return Task.CompletedTask;
    }

    public Task ApplyAsync(SegmentCountsMessage message, CancellationToken cancellationToken)
    {
        if (_latest is not null && message.IsNoNewerThan(_latest))
            return Task.CompletedTask;
        _latest = message;
        if (!_isDue)
            Schedule(_fittedAt is { } at ? RefitEvery - time.GetElapsedTime(at) : TimeSpan.Zero);
        return Task.CompletedTask;
    }

    public async Task ReviseAsync(CancellationToken cancellationToken)
    {
        await CatchUpAsync(cancellationToken);
        await FitAsync();
    }

    public async Task<SegmentFitMessage?> DescribeAsync(long epoch, long version, CancellationToken cancellationToken)
    {
        if (_latest is { } latest && (latest.Epoch, latest.Counts.Version).CompareTo((epoch, version)) < 0)
            _latest = null;
        await CatchUpAsync(cancellationToken);
        await FitAsync();
        return _told;
    }

    /// <summary>Reads the counts where none were told in this life of the campaign.</summary>
    private async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        if (replica.Find(Campaign) is { } campaign && _latest?.Incarnation != campaign.Published.Incarnation && campaign.Segment(Segment) is { } segment)
            _latest = await GrainFactory.GetGrain<IPartitionGrain>(segment.Partition).ReadAsync(Campaign, campaign.Published.Incarnation, Segment, cancellationToken);
    }

    private void Schedule(TimeSpan wait)
    {
        _isDue = true;
        _timer!.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private async Task FitAsync()
    {
        _isDue = false;
        if (_latest is not { } latest || replica.Find(Campaign) is not { } campaign || campaign.Published.Incarnation != latest.Incarnation)
            return;
        var layout = campaign.Published.LayoutRevision;
        if (_told is { } told && told.LayoutRevision == layout && told.Incarnation == latest.Incarnation && told.Epoch == latest.Epoch && told.Counts.Version == latest.Counts.Version)
            return;
        _fittedAt = time.GetTimestamp();
        _told = new SegmentFitMessage(
            Campaign, latest.Incarnation, Segment, layout, latest.Counts, await FitOfAsync(campaign, latest), time.GetUtcNow().ToUnixTimeMilliseconds(), latest.Epoch);
        await replicas.PutSegmentAsync(_told);
        // The layout may have moved while this was on its way, and then replicas have passed it over.
        if (replica.Find(Campaign)?.Published.LayoutRevision != layout)
            Schedule(TimeSpan.Zero);
    }

    /// <summary>
    /// The last fit, where nothing has come that would teach it anything (see <see cref="RefitRule"/>) and nothing was rolled back; what this silo serves, where that was
    /// fitted to these counts before the owner moved or the silo started again; else a new one.
    /// </summary>
    private async Task<SegmentFit> FitOfAsync(ReplicatedCampaign campaign, SegmentCountsMessage latest)
    {
        var (evidence, rollbacks) = (latest.Counts.Learnt, RollbacksOf(latest.Counts));
        if (_told is { } told && told.LayoutRevision == campaign.Published.LayoutRevision && told.Incarnation == latest.Incarnation && rollbacks == _rollbacks && !RefitRule.IsDue(_fitted, evidence))
            return told.Fit;
        if (_told is null && Served(campaign, latest) is { } served)
        {
            (_fitted, _rollbacks) = (evidence, rollbacks);
            return served;
        }
        meter.Waiting(1);
        try
        {
            var fit = await fits.RunAsync(() => Fit(campaign, latest));
            (_fitted, _rollbacks) = (evidence, rollbacks);
            return fit;
        }
        finally
        {
            meter.Waiting(-1);
        }
    }

    private SegmentFit? Served(ReplicatedCampaign campaign, SegmentCountsMessage latest) =>
        campaign.Segment(Segment)?.Served is { } served
        && served.Counts.Version == latest.Counts.Version && served.Counts.Randomised == latest.Counts.Randomised && RollbacksOf(served.Counts) == RollbacksOf(latest.Counts)
        && served.Fit.Policy.Version == campaign.Published.LayoutRevision + latest.Counts.Version ? served.Fit : null;

    private static long RollbacksOf(SegmentCounts counts) => counts.LeftOut?.Rollbacks ?? 0;

    private SegmentFit Fit(ReplicatedCampaign campaign, SegmentCountsMessage latest)
    {
        var started = time.GetTimestamp();
        var fit = learner.Fit(campaign.InputFor(latest.Counts, Segment));
        meter.Fitted(time.GetElapsedTime(started));
        return fit;
    }
}
