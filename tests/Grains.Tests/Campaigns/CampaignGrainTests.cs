using Flywheel.Abstractions.Campaigns;
using Flywheel.Domain.Campaigns;
using Flywheel.Grains.Campaigns;

namespace Flywheel.Grains.Tests.Campaigns;

public sealed class CampaignGrainTests(EngineFixture fixture) : IClassFixture<EngineFixture>
{
    private readonly TestEngine _engine = fixture.Engine;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Publish_New_IsCreatedListedAndServed()
    {
        var outcome = await _engine.PublishAsync("new", Documents.Spring());

        Assert.Equal((true, null), (outcome.Created, outcome.Refused));
        Assert.True(outcome.Current!.Published.Revision > 0);
        Assert.Equal(outcome.Current.Published.Revision, outcome.Current.Published.LayoutRevision);
        Assert.Equal([[1, 1], [1]], outcome.Current.Published.Versions.Select(versions => versions.ToArray()));
        Assert.Contains("new", await _engine.Catalog().ListAsync(Cancel));
        Assert.Equal(outcome.Current.Published.Incarnation, _engine.Replica().Find("new")!.Published.Incarnation);
        AssertSame(outcome.Current.Published, (await _engine.Campaign("new").DescribeAsync(Cancel))!.Published);
    }

    [Fact]
    public async Task Publish_SameAgain_RaisesTheRevisionAlone()
    {
        var first = (await _engine.PublishAsync("again", Documents.Spring())).Current!.Published;
        var second = await _engine.PublishAsync("again", Documents.Spring());

        Assert.False(second.Created);
        var revision = second.Current!.Published.Revision;
        Assert.True(revision > first.Revision);
        AssertSame(first with { Revision = revision }, second.Current.Published);
        Assert.Equal(revision, _engine.Replica().Find("again")!.Published.Revision);
    }

    [Fact]
    public async Task Publish_ChangedContent_RaisesItsVersionAndTheLayout()
    {
        var first = (await _engine.PublishAsync("changed", Documents.Spring())).Current!.Published;
        var changed = (await _engine.PublishAsync("changed", Documents.Spring("Run faster"))).Current!.Published;
        var back = (await _engine.PublishAsync("changed", Documents.Spring())).Current!.Published;

        Assert.Equal([[2, 1], [1]], changed.Versions.Select(versions => versions.ToArray()));
        Assert.True(changed.Revision > first.Revision);
        Assert.Equal(changed.Revision, changed.LayoutRevision);
        Assert.Equal([[1, 1], [1]], back.Versions.Select(versions => versions.ToArray()));
        Assert.True(back.Revision > changed.Revision);
        Assert.Equal(back.Revision, back.LayoutRevision);
    }

    [Fact]
    public async Task SetStatus_Paused_StopsServingAndKeepsTheLayout()
    {
        var first = (await _engine.PublishAsync("paused", Documents.Spring())).Current!.Published;
        var paused = (await _engine.Campaign("paused").SetStatusAsync(CampaignStatus.Paused, Cancel))!.Published;

        Assert.True(paused.Revision > first.Revision);
        Assert.Equal((first.LayoutRevision, CampaignStatus.Paused), (paused.LayoutRevision, paused.Campaign.Status));
        Assert.False(_engine.Replica().Find("paused")!.IsLive);
        await _engine.Campaign("paused").SetStatusAsync(CampaignStatus.Live, Cancel);
        Assert.True(_engine.Replica().Find("paused")!.IsLive);
    }

    [Fact]
    public async Task AnyCall_UnknownCampaign_FindsNone()
    {
        Assert.Null(await _engine.Campaign("none").DescribeAsync(Cancel));
        Assert.Null(await _engine.Campaign("none").SetStatusAsync(CampaignStatus.Paused, Cancel));
        Assert.False(await _engine.Campaign("none").DeleteAsync(Cancel));
        Assert.DoesNotContain("none", await _engine.Catalog().ListAsync(Cancel));
    }

    [Fact]
    public async Task Delete_Campaign_LeavesNothingOfItBehind()
    {
        var published = (await _engine.PublishAsync("deleted", Documents.Spring())).Current!.Published;
        await _engine.PublishAsync("deleted", Documents.Spring("Run faster"));
        await new SignalBatch(published, 0, 10).AppendAsync(_engine.Appender());
        Assert.Equal(10, (await _engine.CountedAsync(published))!.Ledger.Counted);

        Assert.True(await _engine.Campaign("deleted").DeleteAsync(Cancel));

        Assert.Null(await _engine.Campaign("deleted").DescribeAsync(Cancel));
        Assert.Null(_engine.Replica().Find("deleted"));
        Assert.DoesNotContain("deleted", await _engine.Catalog().ListAsync(Cancel));
        await _engine.Partition(published).OpenAsync(Cancel);
        Assert.Null(await _engine.CountedAsync(published));
        Assert.False(await _engine.Campaign("deleted").DeleteAsync(Cancel));
    }

    [Fact]
    public async Task Publish_AfterDeletion_StartsAfresh()
    {
        var first = (await _engine.PublishAsync("reborn", Documents.Spring())).Current!.Published;
        await _engine.PublishAsync("reborn", Documents.Spring("Run faster"));
        await new SignalBatch(first, 0, 10).AppendAsync(_engine.Appender());
        await _engine.Campaign("reborn").DeleteAsync(Cancel);

        var second = await _engine.PublishAsync("reborn", Documents.Spring("Run faster"));
        var published = second.Current!.Published;
        await new SignalBatch(published, 0, 3).AppendAsync(_engine.Appender());
        await new SignalBatch(first, 20, 5).AppendAsync(_engine.Appender());

        Assert.True(second.Created && published.Incarnation > first.Incarnation);
        Assert.True(published.Revision > first.Revision);
        Assert.Equal(published.Revision, published.LayoutRevision);
        Assert.Equal([[1, 1], [1]], published.Versions.Select(versions => versions.ToArray()));
        Assert.Equal(3, (await _engine.CountedAsync(published))!.Ledger.Accepted);
        Assert.Null(await _engine.CountedAsync(first));
    }

    [Fact]
    public async Task Publish_MoreModulesThanItMayEverHaveHad_IsRefusedAndChangesNothing()
    {
        static string Grid(int round) => $$"""{"slots":[{{string.Join(",", Enumerable.Range(0, 7).Select(slot => $$"""{"id":"s{{slot}}","modules":[{{string.Join(",", Enumerable.Range(0, 8).Select(module => $$"""{"id":"m{{round}}-{{module}}"}"""))}}]}"""))}}]}""";
        var perRound = 7 * 8;
        var rounds = CampaignGrain.MaxModules / perRound;
        PublishOutcome outcome = null!;
        for (var round = 0; round < rounds; round++)
            outcome = await _engine.PublishAsync("many", Grid(round));
        Assert.Null(outcome.Refused);

        var refused = await _engine.PublishAsync("many", Grid(rounds));

        Assert.Null(refused.Current);
        Assert.Contains("4096", refused.Refused, StringComparison.Ordinal);
        Assert.Contains(PublishRefusal.Modules, _engine.Meter.Refusals);
        AssertSame(outcome.Current!.Published, (await _engine.Campaign("many").DescribeAsync(Cancel))!.Published);
    }

    [Fact]
    public async Task Publish_SlotOrSegmentAppears_KeepsTheEvidenceOfModulesThatStayed()
    {
        var published = (await _engine.PublishAsync("evidence", Documents.Spring())).Current!.Published;
        await new SignalBatch(published, 0, 400).AppendAsync(_engine.Appender());
        await new SignalBatch(published, 0, 40) { Type = "click" }.AppendAsync(_engine.Appender());
        var before = await _engine.ServedAsync("evidence", served => served.Counts.Ledger.Counted == 440);

        await _engine.PublishAsync("evidence", Documents.Spring(control: 0.2));
        var after = await _engine.ServedAsync("evidence", served => served.Fit.Policy.Control == 0.2);

        Assert.Equal(before.Fit.Modules[0].Select(module => module.Rate), after.Fit.Modules[0].Select(module => module.Rate));
        Assert.True(_engine.Replica().Find("evidence")!.Published.LayoutRevision > published.LayoutRevision);
    }

    [Fact]
    public async Task Publish_ContentReplaced_LeavesTheSuccessorAShareOfWhatWasLearnt()
    {
        var published = (await _engine.PublishAsync("replaced", Documents.Spring())).Current!.Published;
        await new SignalBatch(published, 0, 100).AppendAsync(_engine.Appender());
        await new SignalBatch(published, 0, 20) { Type = "click" }.AppendAsync(_engine.Appender());
        await new SignalBatch(published, 400, 100) { Module = "h2" }.AppendAsync(_engine.Appender());
        await new SignalBatch(published, 400, 5) { Module = "h2", Type = "click" }.AppendAsync(_engine.Appender());
        var before = await _engine.ServedAsync("replaced", served => served.Counts.Ledger.Counted == 225);

        await _engine.PublishAsync("replaced", Documents.Spring("Run faster"));
        var after = await _engine.ServedAsync("replaced", served => served.Fit.Policy.Version > before.Fit.Policy.Version);

        Assert.True(after.Fit.Modules[0][0].LogOddsSd > before.Fit.Modules[0][0].LogOddsSd);
        Assert.InRange(after.Fit.Modules[0][0].Rate, after.Fit.Modules[0][1].Rate, before.Fit.Modules[0][0].Rate);
        Assert.True(after.Fit.Modules[0][1].LogOddsSd < 2 * before.Fit.Modules[0][1].LogOddsSd, "h2 is not");
        Assert.Equal(225, after.Counts.Ledger.Counted);
    }

    private static void AssertSame(PublishedCampaign expected, PublishedCampaign actual)
    {
        Assert.Equal((expected.Id, expected.Incarnation, expected.Revision, expected.LayoutRevision), (actual.Id, actual.Incarnation, actual.Revision, actual.LayoutRevision));
        Assert.Equal(expected.Versions.Select(versions => versions.ToArray()), actual.Versions.Select(versions => versions.ToArray()));
        Assert.Equal(CampaignWriter.Write(expected.Id, expected.Campaign), CampaignWriter.Write(actual.Id, actual.Campaign));
    }
}
