using System.Globalization;
using Flywheel.Signals.Redis;
using Flywheel.Signals.Tests.Stores;
using Flywheel.TestKit;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;

namespace Flywheel.Signals.Tests.Redis;

/// <summary>What can happen to a Redis and the way to it, each on a server of its own.</summary>
public sealed class RedisFaultTests : IAsyncLifetime
{
    /// <summary>Of 20 ms: no limit of the store's, only the end of hope.</summary>
    private const int MostLooks = 3_000;

    private const int Partitions = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<IAsyncDisposable> _open = [];
    private RedisServer _server = null!;
    private RedisDatabase _database = null!;
    private RedisSignalStore _store = null!;
    private long _sequence;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        // What a kill takes is what a test cuts off: with everysec, Redis holds writes back for up to 2 s while a sync is slow, and on a busy
        // machine the kill would take the store's id along.
        _server = await RedisServer.StartAsync("--appendfsync", "always");
        _database = await _server.ConnectAsync();
        _store = await OpenStoreAsync(_database);
    }

    public async ValueTask DisposeAsync()
    {
        _open.Reverse();
        foreach (var open in _open)
            await open.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task EveryWrite_AfterTheServerForgotItsScripts_Lands()
    {
        await AppendAsync(_store, 0, 3);
        await _server.ExecuteAsync("SCRIPT", "FLUSH");
        await AppendAsync(_store, 3, 2);
        await _server.ExecuteAsync("SCRIPT", "FLUSH");
        var core = await OpenAndApplyAsync(_store);
        await _server.ExecuteAsync("SCRIPT", "FLUSH");

        Assert.True(await _store.CommitAsync(core.TakeCommit(out _)!, Cancel));

        Assert.Equal(new(5, 5, 0, 0, 0), (await OpenAndApplyAsync(_store)).Ledger);
        Assert.Equal(0, _store.Backlog);
    }

    [Fact]
    public async Task EveryCall_WhileTheServerIsAway_SaysSoAndNothingIsLostAfterwards()
    {
        await AppendAsync(_store, 0, 3);
        var core = await OpenAndApplyAsync(_store);
        var commit = core.TakeCommit(out _)!;
        Assert.True(await _store.CommitAsync(commit, Cancel));
        await AppendAsync(_store, 3, 2);

        _server.Kill();
        await Assert.ThrowsAsync<StoreUnavailableException>(() => AppendAsync(_store, 5, 1));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _store.OpenAsync(0, Cancel));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _store.ReadAsync(0, 0, 10, Cancel));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _store.CommitAsync(commit, Cancel));
        await _server.RestartAsync();

        await RecoverAsync(() => _store.AppendAsync(ImpressionBatch.Of(_sequence, 1, first: 5), Cancel));
        Assert.Equal(3, _store.Backlog);
        Assert.Equal(new(6, 6, 0, 0, 0), (await OpenAndApplyAsync(_store)).Ledger);
    }

    [Fact]
    public async Task Connect_ToNoServer_SaysSo()
    {
        _server.Kill();
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _server.ConnectAsync(options: ",connectTimeout=300"));
    }

    /// <summary>What was sent to a server that stood still lands when it goes on: behind the caller's back, and once.</summary>
    [Fact]
    public async Task Append_ThatTimedOutAndLandedLater_IsRecognisedAsARetry()
    {
        var hasty = await KeepAsync(_server.ConnectAsync(options: ",asyncTimeout=1000"));
        RedisSignalStore store = null!;
        await RecoverAsync(async () => store = await OpenStoreAsync(hasty));
        await _server.SignalAsync("STOP");
        var batch = ImpressionBatch.Of(1, 4);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.AppendAsync(batch, Cancel));
        await _server.SignalAsync("CONT");

        await RecoverAsync(() => store.AppendAsync(batch, Cancel));

        Assert.Equal([4], (await _store.ReadAsync(0, 0, 10, Cancel)).Select(entry => entry.Signals));
        Assert.Equal(4, store.Backlog);
    }

    [Fact]
    public async Task Append_WhoseReplyWasLost_IsRecognisedAsARetry()
    {
        using var proxy = new FaultProxy(_server.Port);
        var store = await OpenThroughAsync(proxy);
        var batch = ImpressionBatch.Of(1, 4);
        proxy.LoseReplies(1, "EVAL"u8);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.AppendAsync(batch, Cancel));
        Assert.Single(await _store.ReadAsync(0, 0, 10, Cancel));

        await RecoverAsync(() => store.AppendAsync(batch, Cancel));

        Assert.Single(await store.ReadAsync(0, 0, 10, Cancel));
        Assert.Equal(4, store.Backlog);
    }

    [Fact]
    public async Task Commit_WhoseReplyWasLost_IsFoundByReopening()
    {
        using var proxy = new FaultProxy(_server.Port);
        var store = await OpenThroughAsync(proxy);
        await AppendAsync(store, 0, 4);
        var commit = (await OpenAndApplyAsync(store)).TakeCommit(out _)!;
        proxy.LoseReplies(1, "EVAL"u8);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.CommitAsync(commit, Cancel));

        var isTaken = true;
        await RecoverAsync(async () => isTaken = await store.CommitAsync(commit, Cancel));
        Assert.False(isTaken);

        var again = await OpenAndApplyAsync(store);
        Assert.Equal((commit.ToOffset, new(4, 4, 0, 0, 0)), (again.Offset, again.Ledger));
        Assert.Empty(await store.ReadAsync(0, 0, 10, Cancel));
    }

    [Fact]
    public async Task Commit_WhereMemoryIsFull_MakesRoomForAppends()
    {
        await _store.AppendAsync(new AppendBatch(1, ++_sequence, [.. Enumerable.Range(0, 200).Select(_ => new PartitionEntry(0, 1, new byte[100_000]))]), Cancel);
        await _server.ExecuteAsync("CONFIG", "SET", "maxmemory", "15mb");
        var refusal = await Assert.ThrowsAsync<StoreUnavailableException>(() => AppendAsync(_store, 0, 1));
        Assert.Contains("maxmemory", refusal.Message, StringComparison.Ordinal);

        var core = new PartitionCore(await _store.OpenAsync(0, Cancel));
        foreach (var entry in await _store.ReadAsync(0, 0, 1_000, Cancel))
            core.Apply(entry);
        Assert.True(await _store.CommitAsync(core.TakeCommit(out _)!, Cancel));

        await AppendAsync(_store, 0, 1);
        Assert.Equal(new(201, 1, 0, 0, 200), (await OpenAndApplyAsync(_store)).Ledger);
    }

    [Fact]
    public async Task Commit_AfterEverythingWasThrownAway_IsRefusedForOwnersFromBefore()
    {
        var old = await OpenAndApplyAsync(_store);
        await AppendAsync(_store, 0, 3);
        foreach (var entry in await _store.ReadAsync(0, 0, 10, Cancel))
            old.Apply(entry);
        var commit = old.TakeCommit(out _)!;

        await _server.ExecuteAsync("FLUSHALL");

        Assert.False(await _store.CommitAsync(commit, Cancel));
        await using var begun = await RedisSignalStore.OpenAsync(_database, Partitions, TimeProvider.System, Cancel);
        await begun.OpenAsync(0, Cancel);
        Assert.False(await _store.CommitAsync(commit, Cancel));
    }

    [Fact]
    public async Task Writes_AfterEverythingWasThrownAway_AreRefusedAlsoWhereAnotherBeganAnew()
    {
        await AppendAsync(_store, 0, 3);
        await _server.ExecuteAsync("FLUSHALL");

        var error = await Assert.ThrowsAsync<StoreUnavailableException>(() => AppendAsync(_store, 3, 3));
        Assert.Contains("emptied", error.Message, StringComparison.Ordinal);
        Assert.True(_store.IsReplaced);
        await using var begun = await RedisSignalStore.OpenAsync(_database, Partitions, TimeProvider.System, Cancel);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => AppendAsync(_store, 6, 3));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _store.OpenAsync(0, Cancel));

        Assert.Empty(await begun.ReadAsync(0, 0, 10, Cancel));
        Assert.Equal(error.Message, _store.Trouble);
    }

    [Fact]
    public async Task Prepare_AfterWhatWasThrownAwayWasRestored_GoesOnWithIt()
    {
        await AppendAsync(_store, 0, 3);
        var kept = new FileInfo(_server.AppendOnlyFile).Length;
        await _server.ExecuteAsync("FLUSHALL");
        await Assert.ThrowsAsync<StoreUnavailableException>(() => AppendAsync(_store, 3, 3));
        var error = await Assert.ThrowsAsync<StoreUnavailableException>(() => _store.PrepareAsync(Cancel));
        Assert.Contains("emptied", error.Message, StringComparison.Ordinal);
        var before = _store.Generation;

        _server.Kill();
        using (var file = File.OpenWrite(_server.AppendOnlyFile))
            file.SetLength(kept);
        await _server.RestartAsync();
        await RecoverAsync(() => _store.PrepareAsync(Cancel));

        Assert.Equal((false, null, true), (_store.IsReplaced, _store.Trouble, _store.Generation > before));
        await AppendAsync(_store, 3, 3);
        Assert.Equal(new(6, 6, 0, 0, 0), (await OpenAndApplyAsync(_store)).Ledger);
    }

    [Fact]
    public async Task Prepare_WhereOnlyAPartIsBack_StillRefuses()
    {
        await _server.ExecuteAsync("DEL", "flywheel:{0}:store");
        await Assert.ThrowsAsync<StoreUnavailableException>(() => AppendAsync(_store, 0, 3));

        await Assert.ThrowsAsync<StoreUnavailableException>(() => _store.PrepareAsync(Cancel));

        Assert.True(_store.IsReplaced);
    }

    [Fact]
    public async Task Look_ThatFindsWhatNobodyForesaw_SaysSoAndIsNotTheLast()
    {
        await AppendAsync(_store, 0, 3);
        await _server.ExecuteAsync("HSET", "flywheel:{0}:head", "backlog", "nonsense");
        for (var looks = 0; _store.Trouble is null && looks < MostLooks; looks++)
            await Task.Delay(20, Cancel);
        Assert.NotNull(_store.Trouble);

        await _server.ExecuteAsync("HSET", "flywheel:{0}:head", "backlog", "5");
        for (var looks = 0; _store.Trouble is not null && looks < MostLooks; looks++)
            await Task.Delay(20, Cancel);

        Assert.Equal((null, 5), (_store.Trouble, _store.Backlog));
    }

    [Fact]
    public async Task Open_WherePartOfTheDataIsGone_SaysSo()
    {
        await _server.ExecuteAsync("DEL", "flywheel:{0}:store");

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => RedisSignalStore.OpenAsync(_database, Partitions, TimeProvider.System, Cancel));

        Assert.Contains("Partition 0 of the data under \"flywheel:\" is gone", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Generation_AfterRedisWasStartedAnew_Rises()
    {
        var before = _store.Generation;
        await _server.RestartAsync();

        // The store looks once a second, and says that Redis is away until the connection is back.
        for (var looks = 0; (_store.Generation == before || _store.Trouble is not null) && looks < MostLooks; looks++)
            await Task.Delay(20, Cancel);

        Assert.True(_store.Generation > before);
        await _store.PrepareAsync(Cancel);
    }

    /// <summary>
    /// The end of the append-only file is cut off, further each time, in the middle of writes too. Owners from before the loss
    /// go on, producers send everything again: each signal is counted once.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(700)]
    [InlineData(2_000)]
    [InlineData(10_000)]
    public async Task Counts_AfterTheLatestWritesWereLost_AreEachSignalOnceWhenTheyAreSentAgain(int cutBytes)
    {
        const int Before = 60;
        PartitionCore? owner = null;
        for (var i = 0; i < Before; i++)
        {
            await AppendAsync(_store, i, 1);
            if (i % 4 == 0)
            {
                owner = await OpenAndApplyAsync(_store);
                Assert.True(await _store.CommitAsync(owner.TakeCommit(out _)!, Cancel));
            }
            else if (i % 4 == 2)
            {
                owner = await OpenAndApplyAsync(_store);
            }
        }
        _server.Kill();
        _server.CutTail(cutBytes);
        await _server.RestartAsync();
        await RecoverAsync(() => _store.AppendAsync(ImpressionBatch.Of(_sequence + 1, 5, first: Before), Cancel));
        _sequence++;

        var isTaken = await _store.CommitAsync(owner!.TakeCommit(out _)!, Cancel);
        var entries = await _store.ReadAsync(0, 0, 100, Cancel);
        Assert.Equal(5, entries[^1].Signals);
        Assert.Equal(_store.Backlog, entries.Sum(entry => entry.Signals));
        for (var i = 0; i < Before; i++)
            await AppendAsync(_store, i, 1);

        var next = await OpenAndApplyAsync(_store);
        Assert.True(await _store.CommitAsync(next.TakeCommit(out _)!, Cancel));
        var ledger = (await OpenAndApplyAsync(_store)).Ledger;
        Assert.True(ledger.Balances, $"{ledger} does not balance");
        Assert.True(ledger.Counted == Before + 5, $"{ledger}, old owner's commit taken: {isTaken}");
        Assert.Equal(0, _store.Backlog);
    }

    /// <summary>A look at how Redis is may be answered before a commit and heard after it.</summary>
    [Fact]
    public async Task Backlog_WhileOthersLook_IsWhatTheLastCommitLeft()
    {
        using var ending = new CancellationTokenSource();
        var looks = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!ending.IsCancellationRequested)
                await _store.PrepareAsync(Cancel);
        })).ToList();
        for (var i = 0; i < 100; i++)
        {
            await AppendAsync(_store, i, 1);
            var owner = await OpenAndApplyAsync(_store);
            Assert.True(await _store.CommitAsync(owner.TakeCommit(out _)!, Cancel));
            await Task.Delay(2, Cancel);
            Assert.Equal(0, _store.Backlog);
        }
        await ending.CancelAsync();
        await Task.WhenAll(looks);
    }

    /// <summary>An owner lives through a loss of entries that it has counted and not yet committed; others have come since.</summary>
    [Fact]
    public async Task Commit_ByAnOwnerThatCountedWhatWasLost_TakesNoNewEntryForIt()
    {
        var owner = new PartitionCore(await _store.OpenAsync(0, Cancel));
        var kept = new FileInfo(_server.AppendOnlyFile).Length;
        for (var i = 0; i < 5; i++)
            await AppendAsync(_store, i, 1);
        foreach (var entry in await _store.ReadAsync(0, 0, 10, Cancel))
            owner.Apply(entry);
        _server.Kill();
        using (var file = File.OpenWrite(_server.AppendOnlyFile))
            file.SetLength(kept);
        await _server.RestartAsync();
        await RecoverAsync(() => _store.AppendAsync(ImpressionBatch.Of(_sequence + 1, 1, first: 100), Cancel));
        _sequence += 1;
        for (var i = 101; i < 110; i++)
            await AppendAsync(_store, i, 1);

        Assert.True(await _store.CommitAsync(owner.TakeCommit(out _)!, Cancel));

        Assert.Equal(10, (await _store.ReadAsync(0, 0, 100, Cancel)).Count);
        var next = await OpenAndApplyAsync(_store);
        Assert.Equal(new(15, 15, 0, 0, 0), next.Ledger);
        Assert.True(await _store.CommitAsync(next.TakeCommit(out _)!, Cancel));
        Assert.Equal(0, _store.Backlog);
    }

    [Fact]
    public async Task Backlog_OfOtherProcesses_IsSeenAtTheNextLook()
    {
        var time = new FakeTimeProvider();
        await using var other = await RedisSignalStore.OpenAsync(_database, Partitions, time, Cancel);
        await AppendAsync(_store, 0, 7);
        Assert.Equal(0, other.Backlog);

        var started = TimeProvider.System.GetTimestamp();
        while (other.Backlog != 7)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Patience, $"the backlog is {other.Backlog}");
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(10, Cancel);
        }
    }

    [Fact]
    public async Task Open_OfAPartitionThatIsTakenOverMeanwhile_SaysSo()
    {
        var open = await _store.OpenAsync(0, Cancel);
        var pages = Enumerable.Range(0, 3_000).Select(page => new StoredPage(new PageKey(1, 1, (ulong)page), 1, new DedupePage().ToBytes())).ToList();
        Assert.True(await _store.CommitAsync(new PartitionCommit(0, open.Epoch, 0, 1, 0, [], [], [], new(pages, [], [], null), []), Cancel));

        var opens = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            try
            {
                return (await _store.OpenAsync(0, Cancel)).Pages.Count;
            }
            catch (StoreUnavailableException e)
            {
                Assert.Contains("taken over", e.Message, StringComparison.Ordinal);
                return 0;
            }
        }));

        Assert.Contains(3_000, opens);
        Assert.Contains(0, opens);
    }

    /// <summary>A cluster refuses any script that touches keys of two slots, or a key that it did not announce.</summary>
    [Fact]
    public async Task EveryWrite_InClusterMode_Lands()
    {
        await using var server = await RedisServer.StartAsync("--cluster-enabled", "yes", "--cluster-port", RedisServer.FreePort().ToString(CultureInfo.InvariantCulture));
        await server.ExecuteAsync("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
        await RecoverAsync(() => ProbeAsync(server));
        await using var database = await server.ConnectAsync();
        await using var store = await RedisSignalStore.OpenAsync(database, 64, TimeProvider.System, Cancel);
        await store.AppendAsync(new AppendBatch(1, 1, [.. Enumerable.Range(0, 64).Select(partition => new PartitionEntry(partition, 1, [1]))]), Cancel);
        for (var partition = 0; partition < 64; partition++)
        {
            var core = new PartitionCore(await store.OpenAsync(partition, Cancel));
            core.Apply((await store.ReadAsync(partition, 0, 10, Cancel)).Single());
            Assert.True(await store.CommitAsync(core.TakeCommit(out _)!, Cancel));
        }
        Assert.Equal(0, store.Backlog);
    }

    [Fact]
    public async Task Keys_OfAPartition_ShareThePrefixAndOneHashTag()
    {
        await using var database = await _server.ConnectAsync("shop:");
        await using var store = await RedisSignalStore.OpenAsync(database, Partitions, TimeProvider.System, Cancel);
        await AppendAsync(store, 0, 2);
        var commit = (await OpenAndApplyAsync(store)).TakeCommit(out _)!;
        await store.CommitAsync(commit with { Dedupe = commit.Dedupe with { AddedIds = [new(1, 2, 3, 4, 5)] }, Quarantined = [new(1, "", [])] }, Cancel);

        var keys = ((string[])(await _server.ExecuteAsync("KEYS", "shop:*"))!).Where(key => !key.EndsWith("}:store", StringComparison.Ordinal) || key.Contains("{0}", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

        Assert.Equal(["shop:meta", .. ((string[])["head", "ids", "log", "pages", "producer:0000000000000001", "quarantine", "segments", "store"]).Select(key => "shop:{0}:" + key)], keys.OrderBy(key => key != "shop:meta"));
        Assert.InRange((long)await _server.ExecuteAsync("TTL", "shop:{0}:producer:0000000000000001"), 86_000, 86_400);
    }

    [Fact]
    public async Task Connect_WithBracesInThePrefix_SaysWhatIsRight()
    {
        var error = await Assert.ThrowsAsync<ArgumentException>(() => _server.ConnectAsync("{x}:"));
        Assert.Contains("without braces", error.Message, StringComparison.Ordinal);
    }

    private static async Task ProbeAsync(RedisServer server)
    {
        try
        {
            await server.ExecuteAsync("SET", "probe", "1");
        }
        catch (RedisException e)
        {
            throw new StoreUnavailableException("The cluster is not up yet.", e);
        }
    }

    /// <summary>Tries again until the connection is back, as an appender or an owner does.</summary>
    private static async Task RecoverAsync(Func<Task> work)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                await work();
                return;
            }
            catch (StoreUnavailableException) when (TimeProvider.System.GetElapsedTime(started) < Patience)
            {
                await Task.Delay(50, Cancel);
            }
        }
    }

    private static async Task<PartitionCore> OpenAndApplyAsync(RedisSignalStore store)
    {
        var core = new PartitionCore(await store.OpenAsync(0, Cancel));
        foreach (var entry in await store.ReadAsync(0, core.Offset, 1_000, Cancel))
            core.Apply(entry);
        return core;
    }

    private Task AppendAsync(RedisSignalStore store, int first, int signals) => store.AppendAsync(ImpressionBatch.Of(++_sequence, signals, first: first), Cancel);

    private async Task<RedisSignalStore> OpenThroughAsync(FaultProxy proxy) => await OpenStoreAsync(
        await KeepAsync(RedisDatabase.ConnectAsync(RedisServer.Address(proxy.Port))));

    private Task<RedisSignalStore> OpenStoreAsync(RedisDatabase database) =>
        KeepAsync(RedisSignalStore.OpenAsync(database, Partitions, TimeProvider.System, Cancel));

    private async Task<T> KeepAsync<T>(Task<T> opening)
        where T : IAsyncDisposable
    {
        var opened = await opening;
        _open.Add(opened);
        return opened;
    }
}
