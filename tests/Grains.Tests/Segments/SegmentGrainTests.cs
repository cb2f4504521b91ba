using System.Collections.Immutable;
using Flywheel.Abstractions.Segments;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Learning;

namespace Flywheel.Grains.Tests.Segments;

public sealed class SegmentGrainTests(EngineFixture fixture) : IClassFixture<EngineFixture>
{
    private readonly TestEngine _engine = fixture.Engine;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Apply_Counts_IsServedFromTheirFit()
    {
        var published = (await _engine.PublishAsync("fitted", Documents.Spring())).Current!.Published;
        await _engine.Segment("fitted").ApplyAsync(Counts(published, version: 4, impressions: 1_000), Cancel);

        var served = await _engine.ServedAsync("fitted", served => served.Counts.Version == 4);

        var replicated = _engine.Replica().Find("fitted")!;
        Assert.Equal(new ModuleEffectsLearner().Fit(replicated.InputFor(served.Counts, "default")).Policy.Draws(), served.Fit.Policy.Draws());
        Assert.Same(served.Fit.Policy, replicated.PolicyOf(replicated.Default));
        Assert.Equal(published.LayoutRevision + 4, served.Fit.Policy.Version);
        Assert.Null(replicated.Segment("young")!.Served);
    }

    [Fact]
    public async Task Apply_StaleOrRepeatedCounts_ArePassedOver()
    {
        var published = (await _engine.PublishAsync("stale", Documents.Spring())).Current!.Published;
        await _engine.Segment("stale").ApplyAsync(Counts(published, version: 5, impressions: 500), Cancel);
        var served = await _engine.ServedAsync("stale", served => served.Counts.Version == 5);

        await _engine.Segment("stale").ApplyAsync(Counts(published, version: 3, impressions: 300), Cancel);
        await _engine.Segment("stale").ApplyAsync(Counts(published, version: 5, impressions: 1), Cancel);
        await _engine.Segment("stale").ApplyAsync(Counts(published, version: 9, impressions: 9) with { Incarnation = published.Incarnation - 1 }, Cancel);
        await _engine.Segment("stale").ReviseAsync(Cancel);

        Assert.Same(served, _engine.Replica().Find("stale")!.Default.Served);
    }

    [Fact]
    public async Task Apply_ManyInARow_EndsWithTheNewest()
    {
        var published = (await _engine.PublishAsync("burst", Documents.Spring())).Current!.Published;
        var fits = _engine.Meter.Fits;
        for (var version = 1; version <= 200; version++)
            await _engine.Segment("burst").ApplyAsync(Counts(published, version, impressions: version), Cancel);

        var served = await _engine.ServedAsync("burst", served => served.Counts.Version == 200);

        Assert.Equal(200, served.Counts.Sum(TallySource.Learned).Impressions);
        Assert.True(_engine.Meter.Fits - fits < 100, "fits keep to their timer, however often counts come");
    }

    [Fact]
    public async Task Apply_NothingThatTeaches_IsServedWithoutAnotherFit()
    {
        var published = (await _engine.PublishAsync("asked", Documents.Spring())).Current!.Published;
        var counts = Counts(published, version: 1, impressions: 100);
        await _engine.Segment("asked").ApplyAsync(counts, Cancel);
        var before = await _engine.ServedAsync("asked", served => served.Counts.Version == 1);
        var channel = counts.Counts.Channels[0];
        var asked = counts.Counts with { Version = 2, Channels = [channel with { Learned = channel.Learned with { Decisions = channel.Learned.Decisions + 50 } }] };

        await _engine.Segment("asked").ApplyAsync(counts with { Counts = asked }, Cancel);

        var after = await _engine.ServedAsync("asked", served => served.Counts.Version == 2);
        Assert.Same(before.Fit, after.Fit);
        await _engine.Segment("asked").ApplyAsync(Counts(published, version: 3, impressions: 101), Cancel);
        Assert.Same(before.Fit, (await _engine.ServedAsync("asked", served => served.Counts.Version == 3)).Fit);
        await _engine.Segment("asked").ApplyAsync(Counts(published, version: 4, impressions: 103), Cancel);
        Assert.NotSame(before.Fit, (await _engine.ServedAsync("asked", served => served.Counts.Version == 4)).Fit);
    }

    [Fact]
    public async Task Apply_AfterTheOwnerMoved_WhatIsServedOfTheSameCounts_IsNotFittedAnew()
    {
        var published = (await _engine.PublishAsync("moved", Documents.Spring())).Current!.Published;
        await _engine.Segment("moved").ApplyAsync(Counts(published, version: 6, impressions: 600), Cancel);
        var before = await _engine.ServedAsync("moved", served => served.Counts.Version == 6);
        await _engine.Cluster.DeactivateAsync(_engine.Segment("moved"));

        await _engine.Segment("moved").ApplyAsync(Counts(published, version: 6, impressions: 600, epoch: 7), Cancel);

        Assert.Same(before.Fit, (await _engine.ServedAsync("moved", served => served.Epoch == 7)).Fit);
        await _engine.Cluster.DeactivateAsync(_engine.Segment("moved"));
        await _engine.Segment("moved").ApplyAsync(Counts(published, version: 6, impressions: 500, epoch: 8), Cancel);
        Assert.NotSame(before.Fit, (await _engine.ServedAsync("moved", served => served.Epoch == 8)).Fit);
    }

    [Fact]
    public async Task Apply_OfALaterOwnerWithFewerCounts_ServesThose()
    {
        var published = (await _engine.PublishAsync("lost-tail", Documents.Spring())).Current!.Published;
        await _engine.Segment("lost-tail").ApplyAsync(Counts(published, version: 7, impressions: 700, epoch: 5), Cancel);
        await _engine.ServedAsync("lost-tail", served => served.Counts.Version == 7);

        await _engine.Segment("lost-tail").ApplyAsync(Counts(published, version: 4, impressions: 400, epoch: 6), Cancel);
        await _engine.Segment("lost-tail").ApplyAsync(Counts(published, version: 8, impressions: 800, epoch: 5), Cancel);

        var served = await _engine.ServedAsync("lost-tail", served => served.Epoch == 6);
        Assert.Equal((4, 400), (served.Counts.Version, served.Counts.Randomised.Impressions));
    }

    [Fact]
    public async Task Describe_WhatItWasNotToldOf_IsReadFromThePartition()
    {
        var published = (await _engine.PublishAsync("untold", Documents.Spring())).Current!.Published;
        await new SignalBatch(published, 0, 50).AppendAsync(_engine.Appender());
        var counted = await _engine.ServedAsync("untold", served => served.Counts.Ledger.Counted == 50);
        await _engine.Segment("untold").ApplyAsync(Counts(published, version: 1, impressions: 3, counted.Epoch + 1), Cancel);

        var described = await _engine.Segment("untold").DescribeAsync(counted.Epoch + 2, 1, Cancel);

        Assert.Equal((counted.Epoch, 50), (described!.Epoch, described.Counts.Ledger.Counted));
    }

    [Fact]
    public async Task Apply_CampaignThatIsNotServed_DoesNothing()
    {
        await _engine.Segment("nobody").ApplyAsync(new SegmentCountsMessage(1, SegmentCounts.None, 1), Cancel);
        await _engine.Segment("nobody").ReviseAsync(Cancel);

        Assert.Null(_engine.Replica().Find("nobody"));
    }

    [Fact]
    public async Task Revise_AfterDeactivation_ReadsTheCountsFromTheirPartition()
    {
        var published = (await _engine.PublishAsync("revised", Documents.Spring())).Current!.Published;
        await new SignalBatch(published, 0, 50).AppendAsync(_engine.Appender());
        await _engine.ServedAsync("revised", served => served.Counts.Ledger.Counted == 50);
        await _engine.Cluster.DeactivateAsync(_engine.Segment("revised"));

        var changed = (await _engine.PublishAsync("revised", Documents.Spring("Run faster"))).Current!.Published;

        var served = _engine.Replica().Find("revised")!.Default.Served!;
        Assert.Equal((50, changed.LayoutRevision + served.Counts.Version), (served.Counts.Ledger.Counted, served.Fit.Policy.Version));
    }

    private static SegmentCountsMessage Counts(PublishedCampaign published, long version, long impressions, long epoch = 1)
    {
        var total = new GroupTally(0, impressions, impressions * 50_000);
        ImmutableArray<ModuleTally> modules = [new(PublishedCampaign.ModuleKey("headline", "h1", 1), TallySource.Learned, total.Impressions, total.RewardMicros)];
        return new SegmentCountsMessage(published.Incarnation, new SegmentCounts(version, new(impressions, impressions, 0, 0, 0), [new ChannelTally("", total, default, default, modules)]), epoch);
    }
}
