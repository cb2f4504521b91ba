using Flywheel.Domain.Campaigns;
using Flywheel.Signals;

namespace Flywheel.Grains.Tests.Campaigns;

public sealed class CampaignRecoveryTests : IAsyncLifetime
{
    private TestEngine _engine = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _engine = await TestEngine.StartAsync();

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task Restart_AfterChanges_FindsCampaignCountsAndVersionsAgain()
    {
        var published = (await _engine.PublishAsync("spring", Documents.Spring())).Current!.Published;
        published = (await _engine.PublishAsync("spring", Documents.Spring("Run faster"))).Current!.Published;
        await _engine.Campaign("spring").SetStatusAsync(CampaignStatus.Paused, Cancel);
        await new SignalBatch(published, 0, 10).AppendAsync(_engine.Appender());
        await _engine.CountedAsync(published);

        _engine = await _engine.RestartAsync();

        var described = (await _engine.Campaign("spring").DescribeAsync(Cancel))!.Published;
        Assert.Equal((3, 2, CampaignStatus.Paused), (described.Revision, described.LayoutRevision, described.Campaign.Status));
        Assert.Equal([[2, 1], [1]], described.Versions.Select(versions => versions.ToArray()));
        Assert.Equal(["spring"], await _engine.Catalog().ListAsync(Cancel));
        await new SignalBatch(published, 5, 10).AppendAsync(_engine.Appender());
        Assert.Equal(new(20, 15, 5, 0, 0), (await _engine.CountedAsync(published))!.Ledger);
        Assert.Equal([[1, 1], [1]], (await _engine.PublishAsync("spring", Documents.Spring())).Current!.Published.Versions.Select(versions => versions.ToArray()));
    }

    [Fact]
    public async Task Delete_WhileTheLogIsAway_SaysSoAndGoesOnWhenAskedAgain()
    {
        var published = (await _engine.PublishAsync("spring", Documents.Spring())).Current!.Published;
        await new SignalBatch(published, 0, 10).AppendAsync(_engine.Appender());
        await _engine.CountedAsync(published);
        _engine.Store.FailAppends(3);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => _engine.Campaign("spring").DeleteAsync(Cancel));
        Assert.True((await _engine.Campaign("spring").DescribeAsync(Cancel))!.Deleting);
        Assert.Null(await _engine.Campaign("spring").SetStatusAsync(CampaignStatus.Live, Cancel));

        Assert.True(await _engine.Campaign("spring").DeleteAsync(Cancel));
        Assert.Null(await _engine.Campaign("spring").DescribeAsync(Cancel));
    }

    [Fact]
    public async Task Publish_OverAHalfDeletedCampaign_FinishesTheDeletionFirst()
    {
        var first = (await _engine.PublishAsync("spring", Documents.Spring())).Current!.Published;
        _engine.Store.FailAppends(3);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _engine.Campaign("spring").DeleteAsync(Cancel));

        var outcome = await _engine.PublishAsync("spring", Documents.Spring("Run faster"));

        Assert.True(outcome.Created && outcome.Current!.Published.Incarnation > first.Incarnation);
        Assert.Equal([[1, 1], [1]], outcome.Current.Published.Versions.Select(versions => versions.ToArray()));
        Assert.Equal(["spring"], await _engine.Catalog().ListAsync(Cancel));
        Assert.NotNull(_engine.Replica().Find("spring"));
    }
}
