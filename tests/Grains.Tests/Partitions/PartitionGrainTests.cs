using Flywheel.Abstractions.Partitions;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Learning;
using Flywheel.Signals;

namespace Flywheel.Grains.Tests.Partitions;

public sealed class PartitionGrainTests : IAsyncLifetime
{
    private TestEngine _engine = null!;
    private PublishedCampaign _spring = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _engine = await TestEngine.StartAsync();
        _spring = (await _engine.PublishAsync("spring", Documents.Spring())).Current!.Published;
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task Nudge_ByAnAppend_CountsAndTellsTheSegment()
    {
        await new SignalBatch(_spring, 0, 20).AppendAsync(_engine.Appender());
        await new SignalBatch(_spring, 0, 4) { Type = "click" }.AppendAsync(_engine.Appender());

        var served = await _engine.ServedAsync("spring", served => served.Counts.Ledger.Accepted == 24);

        Assert.Equal(new GroupTally(0, 20, 4_000_000), served.Counts.Sum(TallySource.Learned));
        Assert.Equal((20, 4_000_000), served.Counts.SumModules()[(PublishedCampaign.ModuleKey("headline", "h1", 1), TallySource.Learned)]);
        Assert.Equal(0, _engine.Store.Backlog);
    }

    [Fact]
    public async Task Nudge_MoreEntriesThanOneRead_CountsThemAll()
    {
        await new SignalBatch(_spring, 0, 1_200) { EntrySize = 2 }.AppendAsync(_engine.Appender());

        Assert.Equal(1_200, (await _engine.ServedAsync("spring", served => served.Counts.Ledger.Accepted == 1_200)).Counts.Ledger.Counted);
    }

    [Fact]
    public async Task Open_PartitionWithSegments_NamesThem()
    {
        await new SignalBatch(_spring, 0, 20).AppendAsync(_engine.Appender());
        var counts = await _engine.CountedAsync(_spring);

        var status = await _engine.Partition(_spring).OpenAsync(Cancel);

        Assert.Equal([new OwnedSegment("spring", _spring.Incarnation, "default", counts!.Version)], status.Segments);
        Assert.Null(await _engine.Partition(_spring).ReadAsync("spring", _spring.Incarnation + 1, "default", Cancel));
    }

    [Fact]
    public async Task Open_AfterTheStoreStartedAnew_ReadsItAgain()
    {
        var before = await _engine.Partition(_spring).OpenAsync(Cancel);
        Assert.Equal(before.Epoch, (await _engine.Partition(_spring).OpenAsync(Cancel)).Epoch);

        _engine.Store.StartAnew();

        Assert.True((await _engine.Partition(_spring).OpenAsync(Cancel)).Epoch > before.Epoch);
    }

    [Fact]
    public async Task Deactivated_MidWay_GoesOnExactlyFromTheStore()
    {
        for (var round = 0; round < 5; round++)
        {
            await new SignalBatch(_spring, round * 50, 100) { EntrySize = 7 }.AppendAsync(_engine.Appender());
            await _engine.Cluster.DeactivateAsync(_engine.Partition(_spring));
        }

        Assert.Equal(new SignalLedger(500, 300, 200, 0, 0), (await _engine.CountedAsync(_spring))!.Ledger);
        Assert.Equal(300, (await _engine.ServedAsync("spring", served => served.Counts.Ledger.Accepted == 500)).Counts.Sum(TallySource.Learned).Impressions);
    }

    [Fact]
    public async Task TakenOverByAnotherOwner_MidWay_StartsAgainFromTheStore()
    {
        await new SignalBatch(_spring, 0, 100).AppendAsync(_engine.Appender());
        await _engine.CountedAsync(_spring);
        var other = new PartitionCore(await _engine.Store.OpenAsync(TestEngine.IdOf(_spring).PartitionOf(TestEngine.Partitions), Cancel));
        await new SignalBatch(_spring, 50, 100).AppendAsync(_engine.Appender());
        await _engine.CountedAsync(_spring);

        Assert.Equal(100, other.Ledger.Accepted);
        Assert.True(_engine.Meter.FailedCommits > 0);
        Assert.Equal(new SignalLedger(200, 150, 50, 0, 0), (await _engine.CountedAsync(_spring))!.Ledger);
    }

    [Fact]
    public async Task CommitThatLandedUnheard_IsNotCountedTwice()
    {
        _engine.Store.LoseCommitReplies(2);
        await new SignalBatch(_spring, 0, 100).AppendAsync(_engine.Appender());
        await new SignalBatch(_spring, 100, 100).AppendAsync(_engine.Appender());

        var served = await _engine.ServedAsync("spring", served => served.Counts.Ledger.Accepted == 200);

        Assert.Equal(new SignalLedger(200, 200, 0, 0, 0), served.Counts.Ledger);
        Assert.True(_engine.Meter.FailedCommits >= 1);
    }

    [Fact]
    public async Task StoreAway_ForAWhile_CountsOnceItIsBackWithoutANudge()
    {
        _engine.Store.FailReads(3);
        await new SignalBatch(_spring, 0, 100).AppendAsync(_engine.Appender());

        Assert.Equal(100, (await _engine.ServedAsync("spring", served => served.Counts.Ledger.Accepted == 100)).Counts.Ledger.Counted);
        Assert.True(_engine.Meter.FailedCommits >= 1);
    }

    [Fact]
    public async Task EntryThatCannotBeRead_IsQuarantinedAndHoldsNothingUp()
    {
        var partition = TestEngine.IdOf(_spring).PartitionOf(TestEngine.Partitions);
        await _engine.Appender().AppendAsync([new PartitionEntry(partition, 3, [1, 2, 3])]);
        await new SignalBatch(_spring, 0, 10).AppendAsync(_engine.Appender());

        Assert.Equal(10, (await _engine.CountedAsync(_spring))!.Ledger.Counted);
        Assert.Equal(0, _engine.Store.Backlog);
    }
}
