using Flywheel.Domain.Decisions;
using Flywheel.Signals.Sqlite;

namespace Flywheel.Signals.Tests.Sqlite;

/// <summary>The store contract on a real SQLite file.</summary>
public sealed class SqliteSignalStoreTests : IAsyncLifetime
{
    private static readonly RewardRules Rules = new(1_000_000, [(RewardRules.TypeKey("click"), 1_000_000)]);

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"flywheel-{Guid.NewGuid():n}.db");
    private SqliteDatabase _database = null!;
    private SqliteSignalStore _store = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ReopenAsync();

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        foreach (var suffix in (string[])["", "-wal", "-shm"])
            File.Delete(_path + suffix);
    }

    [Fact]
    public async Task Append_SameSequenceAgain_LandsOnce()
    {
        await _store.AppendAsync(Batch(1, 5), Cancel);
        await _store.AppendAsync(Batch(1, 5), Cancel);

        Assert.Single(await _store.ReadAsync(0, 0, 10, Cancel));
        Assert.Equal(5, _store.Backlog);
    }

    [Fact]
    public async Task Append_Concurrent_AllReadableInOrderAfterReopening()
    {
        await Task.WhenAll(Enumerable.Range(1, 50).Select(producer => _store.AppendAsync(Batch(1, 1, (ulong)producer), Cancel)));
        await ReopenAsync();

        var entries = await _store.ReadAsync(0, 0, 100, Cancel);
        Assert.Equal(50, entries.Count);
        Assert.Equal(entries.OrderBy(entry => entry.Offset), entries);
        Assert.Equal(50, _store.Backlog);
    }

    [Fact]
    public async Task Commit_Landed_SurvivesReopeningWithCountsAndDedupe()
    {
        await _store.AppendAsync(Batch(1, 3), Cancel);
        var core = await OpenAndApplyAsync();
        Assert.True(await _store.CommitAsync(core.TakeCommit(out _)!, Cancel));
        await ReopenAsync();

        await _store.AppendAsync(Batch(2, 4), Cancel);
        var again = await OpenAndApplyAsync();

        Assert.Equal(new(7, 4, 3, 0, 0), again.Ledger);
    }

    [Fact]
    public async Task Commit_ByFencedOwner_IsRefused()
    {
        await _store.AppendAsync(Batch(1, 3), Cancel);
        var old = await OpenAndApplyAsync();
        var current = await OpenAndApplyAsync();

        Assert.False(await _store.CommitAsync(old.TakeCommit(out _)!, Cancel));
        Assert.True(await _store.CommitAsync(current.TakeCommit(out _)!, Cancel));
        Assert.Equal(0, _store.Backlog);
    }

    [Fact]
    public async Task Append_AfterEverythingWasTrimmed_ContinuesBehindTheOffset()
    {
        await _store.AppendAsync(Batch(1, 1), Cancel);
        var core = await OpenAndApplyAsync();
        await _store.CommitAsync(core.TakeCommit(out _)!, Cancel);
        await ReopenAsync();

        await _store.AppendAsync(Batch(2, 1), Cancel);

        Assert.True((await _store.ReadAsync(0, core.Offset, 10, Cancel))[0].Offset > core.Offset);
    }

    [Fact]
    public async Task Open_WithAnotherNumberOfPartitions_SaysWhatToDo()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => SqliteSignalStore.OpenAsync(_database, 3, TimeProvider.System, Cancel));
        Assert.Contains("--partitions 2", error.Message, StringComparison.Ordinal);
    }

    private static AppendBatch Batch(long sequence, int signals, ulong producer = 1)
    {
        var builder = new EntryBuilder();
        for (var i = 0; i < signals; i++)
        {
            builder.Add(new SegmentId("spring", 1, "default"), Rules, new DecisionSignal
            {
                Issuer = 9,
                Counter = (ulong)i,
                IssuedAtMs = 1_000,
                WindowSeconds = 3_600,
                Group = Group.Learned,
                Type = RewardRules.ImpressionKey,
                ModuleKeys = new byte[8],
            });
        }
        return new AppendBatch(producer, sequence, [new PartitionEntry(0, signals, builder.Build(2_000))]);
    }

    private async Task<PartitionCore> OpenAndApplyAsync()
    {
        var core = new PartitionCore(await _store.OpenAsync(0, Cancel));
        foreach (var entry in await _store.ReadAsync(0, core.Offset, 100, Cancel))
            core.Apply(entry);
        return core;
    }

    private async ValueTask ReopenAsync()
    {
        if (_database is not null)
            await _database.DisposeAsync();
        _database = SqliteDatabase.Open(_path, SqliteSignalStore.Schema);
        _store = await SqliteSignalStore.OpenAsync(_database, 2, TimeProvider.System, Cancel);
    }
}
