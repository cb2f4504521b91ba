using Flywheel.Abstractions.Campaigns;
using Flywheel.Domain.Campaigns;
using Flywheel.Signals;
using Flywheel.Signals.Sqlite;

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
        var paused = (await _engine.Campaign("spring").SetStatusAsync(CampaignStatus.Paused, Cancel))!.Published;
        await new SignalBatch(published, 0, 10).AppendAsync(_engine.Appender());
        await _engine.CountedAsync(published);

        _engine = await _engine.RestartAsync();

        var described = (await _engine.Campaign("spring").DescribeAsync(Cancel))!.Published;
        Assert.Equal((paused.Revision, published.LayoutRevision, CampaignStatus.Paused), (described.Revision, described.LayoutRevision, described.Campaign.Status));
        Assert.Equal([[2, 1], [1]], described.Versions.Select(versions => versions.ToArray()));
        Assert.Equal(["spring"], await _engine.Catalog().ListAsync(Cancel));
        await new SignalBatch(published, 5, 10).AppendAsync(_engine.Appender());
        Assert.Equal(new(20, 15, 5, 0, 0), (await _engine.CountedAsync(published))!.Ledger);
        Assert.Equal([[1, 1], [1]], (await _engine.PublishAsync("spring", Documents.Spring())).Current!.Published.Versions.Select(versions => versions.ToArray()));
    }

    [Fact]
    public async Task Delete_WhileTheLogIsAway_SaysSoAndGoesOnWhenAskedAgain()
    {
        await _engine.PublishAsync("spring", Documents.Spring());
        var campaign = _engine.Grains().GetGrain<ICampaignGrain>("spring");
        _engine.Store.FailAppends(3);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => campaign.DeleteAsync(Cancel));
        Assert.True((await campaign.DescribeAsync(Cancel))!.Deleting);
        Assert.Null(await campaign.SetStatusAsync(CampaignStatus.Live, Cancel));

        Assert.True(await campaign.DeleteAsync(Cancel));
        Assert.Null(await campaign.DescribeAsync(Cancel));
    }

    [Fact]
    public async Task Delete_AskedFromAnotherProcessWhileTheLogIsAway_SaysTheSame()
    {
        await _engine.PublishAsync("spring", Documents.Spring());
        _engine.Store.FailAppends(3);

        var error = await Assert.ThrowsAsync<StoreUnavailableException>(() => _engine.Campaign("spring").DeleteAsync(Cancel));

        Assert.Contains("spring", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Clocks are set right at times, and virtual machines are moved.</summary>
    [Fact]
    public async Task Publish_AfterDeletionWhenTheClockWasSetBack_CountsAgain()
    {
        var first = (await _engine.PublishAsync("spring", Documents.Spring())).Current!.Published;
        await _engine.Campaign("spring").DeleteAsync(Cancel);
        _engine.Clock.Step(TimeSpan.FromMinutes(-1));
        var second = (await _engine.PublishAsync("spring", Documents.Spring())).Current!.Published;
        await new SignalBatch(second, 0, 10).AppendAsync(_engine.Appender());

        Assert.Equal(10, (await _engine.CountedAsync(second))?.Ledger.Counted);
        Assert.True(second.Incarnation > first.Incarnation);
    }

    /// <summary>Replicas that knew the revision that was lost would pass over another document of the same number.</summary>
    [Fact]
    public async Task Publish_AfterTheStoreLostItsLatestWrites_GivesNoRevisionOutAgain()
    {
        await _engine.PublishAsync("spring", Documents.Spring());
        var before = Stored();
        var lost = (await _engine.PublishAsync("spring", Documents.Spring("Run faster"))).Current!.Published;
        await _engine.Database.WriteAsync(connection => connection.Execute("UPDATE grains SET state = @0 WHERE id = 'flywheel.campaign/spring'", before), Cancel);
        _engine = await _engine.RestartAsync();

        var published = (await _engine.PublishAsync("spring", Documents.Spring("Run home"))).Current!.Published;
        var paused = (await _engine.Campaign("spring").SetStatusAsync(CampaignStatus.Paused, Cancel))!.Published;

        Assert.True(published.Revision > lost.Revision && published.LayoutRevision > lost.LayoutRevision);
        Assert.True(paused.Revision > published.Revision);
    }

    [Fact]
    public async Task Publish_WhenTheClockWasSetBack_RaisesTheRevision()
    {
        var first = (await _engine.PublishAsync("spring", Documents.Spring())).Current!.Published;
        _engine.Clock.Step(TimeSpan.FromMinutes(-1));

        Assert.Equal(first.Revision + 1, (await _engine.PublishAsync("spring", Documents.Spring())).Current!.Published.Revision);
    }

    [Fact]
    public async Task Publish_OverAHalfDeletedCampaign_FinishesTheDeletionFirst()
    {
        var first = (await _engine.PublishAsync("spring", Documents.Spring())).Current!.Published;
        _engine.Store.FailAppends(3);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _engine.Grains().GetGrain<ICampaignGrain>("spring").DeleteAsync(Cancel));

        var outcome = await _engine.PublishAsync("spring", Documents.Spring("Run faster"));

        Assert.True(outcome.Created && outcome.Current!.Published.Incarnation > first.Incarnation);
        Assert.Equal([[1, 1], [1]], outcome.Current.Published.Versions.Select(versions => versions.ToArray()));
        Assert.Equal(["spring"], await _engine.Catalog().ListAsync(Cancel));
        Assert.NotNull(_engine.Replica().Find("spring"));
    }

    private string Stored() => _engine.Database.Read(connection => connection.Scalar<string>("SELECT state FROM grains WHERE id = 'flywheel.campaign/spring'"))!;
}
