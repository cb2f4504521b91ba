using Flywheel.Signals.Tests.Counting;

namespace Flywheel.Signals.Tests.Stores;

/// <summary>What every store promises, see <see cref="ISignalStore"/>; a class for each runs it on the real thing.</summary>
public abstract class SignalStoreContract : IAsyncLifetime
{
    private const int Partitions = 24;
    private const int MaxQuarantined = 1_000;
    private const long FarMs = 10_000_000;

    private static readonly SegmentId Default = new("spring", 1, "default");
    private static readonly SegmentId Young = new("spring", ulong.MaxValue, "jung & älter/{x}");

    private ISignalStore _store = null!;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await ReopenAsync();

    public abstract ValueTask DisposeAsync();

    [Fact]
    public async Task Append_SameSequenceAgain_LandsOnce()
    {
        await _store.AppendAsync(ImpressionBatch.Of(1, 5), Cancel);
        await _store.AppendAsync(ImpressionBatch.Of(1, 5), Cancel);

        Assert.Single(await ReadAsync());
        Assert.Equal(5, _store.Backlog);
    }

    [Fact]
    public async Task Append_SequenceBelowTheLast_IsLeftOut()
    {
        await _store.AppendAsync(ImpressionBatch.Of(7, 1), Cancel);
        await _store.AppendAsync(ImpressionBatch.Of(6, 1), Cancel);
        await _store.AppendAsync(ImpressionBatch.Of(6, 1, producer: ulong.MaxValue), Cancel);
        await ReopenAsync();
        await _store.AppendAsync(ImpressionBatch.Of(7, 1), Cancel);

        Assert.Equal(2, (await ReadAsync()).Count);
    }

    [Fact]
    public async Task Append_ToSeveralPartitions_LandsInEachInOrder()
    {
        await _store.AppendAsync(new AppendBatch(1, 1, [new(0, 1, [1]), new(1, 2, [2]), new(0, 3, [3])]), Cancel);

        Assert.Equal([(1, "01"), (3, "03")], (await ReadAsync()).Select(entry => (entry.Signals, Convert.ToHexString(entry.Body.Span))));
        Assert.Equal([(2, "02")], (await ReadAsync(partition: 1)).Select(entry => (entry.Signals, Convert.ToHexString(entry.Body.Span))));
        Assert.Equal(6, _store.Backlog);
    }

    [Fact]
    public async Task Append_Concurrent_AllReadableInOrderAfterReopening()
    {
        await Task.WhenAll(Enumerable.Range(1, 50).Select(producer => _store.AppendAsync(ImpressionBatch.Of(1, 1, (ulong)producer), Cancel)));
        await ReopenAsync();

        var entries = await ReadAsync();
        Assert.Equal(50, entries.Count);
        Assert.Equal(entries.OrderBy(entry => entry.Offset), entries);
        Assert.Equal(50, entries.DistinctBy(entry => entry.Offset).Count());
        Assert.True(entries[0].Offset >= 1);
        Assert.Equal(50, _store.Backlog);
    }

    [Fact]
    public async Task Append_AfterEverythingWasTrimmed_ContinuesBehindTheOffset()
    {
        await _store.AppendAsync(ImpressionBatch.Of(1, 1), Cancel);
        var core = await OpenAndApplyAsync();
        await _store.CommitAsync(core.TakeCommit(out _)!, Cancel);
        await ReopenAsync();

        await _store.AppendAsync(ImpressionBatch.Of(2, 1), Cancel);

        Assert.True((await _store.ReadAsync(0, core.Offset, 10, Cancel))[0].Offset > core.Offset);
    }

    [Fact]
    public async Task Read_FromAnOffsetAndAtMost_ReturnsWhatFollows()
    {
        for (var sequence = 1; sequence <= 5; sequence++)
            await _store.AppendAsync(ImpressionBatch.Of(sequence, sequence), Cancel);
        var all = await ReadAsync();

        var some = await _store.ReadAsync(0, all[1].Offset, 2, Cancel);

        Assert.Equal([3, 4], some.Select(entry => entry.Signals));
        Assert.Empty(await _store.ReadAsync(0, all[^1].Offset, 2, Cancel));
    }

    [Fact]
    public async Task Open_OfNothing_IsEmptyAndEachTimeOfAHigherEpoch()
    {
        var first = await _store.OpenAsync(3, Cancel);
        var second = await _store.OpenAsync(3, Cancel);

        Assert.True(second.Epoch > first.Epoch);
        Assert.Equal((3, 0, 0), (second.Partition, second.Offset, second.Summary.Length));
        Assert.Empty(second.Segments);
        Assert.Empty(second.Pages);
        Assert.Empty(second.Ids);
    }

    /// <summary>Checkpoints stand among the segments: whoever opens the partition next goes back to them.</summary>
    [Fact]
    public async Task Commit_OfCheckpointsAndARollback_IsReadByTheNextOwner()
    {
        const long minuteMs = 60_000;
        for (var minute = 1; minute <= 12; minute++)
            await AppendAsync(minute, builder => TestSignal.Impression((ulong)minute, minute * minuteMs).AddTo(builder, CountedPartition.Rules, CountedPartition.WindowSeconds));
        Assert.True(await _store.CommitAsync((await OpenAndApplyAsync()).TakeCommit(out _)!, Cancel));
        await ReopenAsync();
        await AppendAsync(13, builder => builder.AddRollback(Default, 13 * minuteMs, 9 * minuteMs));
        var core = await OpenAndApplyAsync();
        var checkpoints = core.CheckpointsOf(Default);
        Assert.True(await _store.CommitAsync(core.TakeCommit(out _)!, Cancel));
        await ReopenAsync();

        core = new PartitionCore(await _store.OpenAsync(0, Cancel));

        Assert.Equal(checkpoints.Select(kept => (kept.AtMs, kept.Kind, kept.Impressions)), core.CheckpointsOf(Default).Select(kept => (kept.AtMs, kept.Kind, kept.Impressions)));
        Assert.Equal((5, 12), (core.CountsOf(Default)!.Learnt.Impressions, core.CountsOf(Default)!.Randomised.Impressions));
        Assert.Equal(5, core.CountsOf(Default)!.Evidence!.Buckets.Sum(bucket => bucket.Impressions));

        Task AppendAsync(int minute, Action<EntryBuilder> build)
        {
            var builder = new EntryBuilder();
            build(builder);
            return _store.AppendAsync(new AppendBatch(1, minute, [new PartitionEntry(0, builder.Signals, builder.Build(minute * minuteMs))]), Cancel);
        }
    }

    [Fact]
    public async Task Open_WithAnotherNumberOfPartitions_SaysWhatToDo()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => OpenBesideAsync(3));
        Assert.Contains("--partitions 24", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commit_Landed_SurvivesReopeningWithCountsAndDedupe()
    {
        await _store.AppendAsync(ImpressionBatch.Of(1, 3), Cancel);
        var core = await OpenAndApplyAsync();
        Assert.True(await _store.CommitAsync(core.TakeCommit(out _)!, Cancel));
        await ReopenAsync();

        await _store.AppendAsync(ImpressionBatch.Of(2, 4), Cancel);
        var again = await OpenAndApplyAsync();

        Assert.Equal(new(7, 4, 3, 0, 0), again.Ledger);
    }

    [Fact]
    public async Task Commit_AgainAfterALostReply_IsRefusedAndChangesNothing()
    {
        await _store.AppendAsync(ImpressionBatch.Of(1, 3), Cancel);
        var core = await OpenAndApplyAsync();
        var commit = core.TakeCommit(out _)!;
        Assert.True(await _store.CommitAsync(commit, Cancel));
        await _store.AppendAsync(ImpressionBatch.Of(2, 5), Cancel);

        Assert.False(await _store.CommitAsync(commit, Cancel));

        Assert.Single(await ReadAsync());
        Assert.Equal(5, _store.Backlog);
        Assert.Equal(new(8, 5, 3, 0, 0), (await OpenAndApplyAsync()).Ledger);
    }

    [Fact]
    public async Task Commit_ByFencedOwner_IsRefused()
    {
        await _store.AppendAsync(ImpressionBatch.Of(1, 3), Cancel);
        var old = await OpenAndApplyAsync();
        var current = await OpenAndApplyAsync();

        Assert.False(await _store.CommitAsync(old.TakeCommit(out _)!, Cancel));
        Assert.True(await _store.CommitAsync(current.TakeCommit(out _)!, Cancel));
        Assert.Equal(0, _store.Backlog);
    }

    [Fact]
    public async Task Commit_ByAnOwnerOfNoEpoch_IsRefused() => Assert.False(await _store.CommitAsync(Commit(new(5, 1, 0, default, [], [], []), 1), Cancel));

    [Fact]
    public async Task Commit_OfSomeEntries_TrimsNoOther()
    {
        for (var sequence = 1; sequence <= 3; sequence++)
            await _store.AppendAsync(ImpressionBatch.Of(sequence, sequence), Cancel);
        await _store.AppendAsync(new AppendBatch(2, 1, [new(1, 9, [1])]), Cancel);
        var core = new PartitionCore(await _store.OpenAsync(0, Cancel));
        foreach (var entry in await _store.ReadAsync(0, 0, 2, Cancel))
            core.Apply(entry);

        Assert.True(await _store.CommitAsync(core.TakeCommit(out _)!, Cancel));

        Assert.Equal([3], (await _store.ReadAsync(0, 0, 10, Cancel)).Select(entry => entry.Signals));
        Assert.Single(await ReadAsync(partition: 1));
        Assert.Equal(12, _store.Backlog);
    }

    [Fact]
    public async Task Commit_OfEveryPart_IsReadBackAsItWas()
    {
        var (page, id) = (Page(1, 2, 3, FarMs), new RememberedId(new UInt128(1, ulong.MaxValue), FarMs, ulong.MaxValue, 7, 8));
        var open = await _store.OpenAsync(0, Cancel);
        Assert.True(await _store.CommitAsync(Commit(open, 10) with
        {
            Summary = [1, 2, 3],
            Segments = [new(Default, [4]), new(Young, [0, 255, 13, 10])],
            Dedupe = new([page, Page(ulong.MaxValue, 0, ulong.MaxValue, 6)], [], [id, new RememberedId(5, 6, 0, 0, -7)], null),
        }, Cancel));
        await ReopenAsync();

        var stored = await _store.OpenAsync(0, Cancel);

        Assert.Equal((10, "010203"), (stored.Offset, Convert.ToHexString(stored.Summary.Span)));
        Assert.Equal([(Default, "04"), (Young, "00FF0D0A")], SegmentsOf(stored));
        Assert.Equal(
            [(page.Key, FarMs, Convert.ToHexString(page.Bits)), (new PageKey(ulong.MaxValue, 0, ulong.MaxValue), 6, Convert.ToHexString(page.Bits))],
            stored.Pages.OrderBy(stored => stored.Key.Issuer).Select(stored => (stored.Key, stored.Value.ExpiresAtMs, Convert.ToHexString(stored.Value.ToBytes()))));
        Assert.Equal([new RememberedId(5, 6, 0, 0, -7), id], stored.Ids.OrderBy(stored => stored.Id));
    }

    [Fact]
    public async Task Commit_OfChangesAndRemovals_ReplacesAndRemoves()
    {
        var open = await _store.OpenAsync(0, Cancel);
        Assert.True(await _store.CommitAsync(Commit(open, 10) with
        {
            Segments = [new(Default, [1]), new(Young, [2])],
            Dedupe = new([Page(1, 1, 1, 5), Page(2, 2, 2, 6)], [], [new(1, 100, 0, 0, 0), new(2, 200, 0, 0, 0), new(3, 300, 0, 0, 0)], null),
        }, Cancel));
        Assert.True(await _store.CommitAsync(Commit(open with { Offset = 10 }, 20) with
        {
            Segments = [new(Default, [3])],
            RemovedSegments = [Young],
            Dedupe = new([Page(1, 1, 1, 7)], [new PageKey(2, 2, 2), new PageKey(9, 9, 9)], [new(1, 400, 5, 6, 7)], 200),
        }, Cancel));

        var stored = await _store.OpenAsync(0, Cancel);

        Assert.Equal([(Default, "03")], SegmentsOf(stored));
        Assert.Equal((new PageKey(1, 1, 1), 7), (stored.Pages.Single().Key, stored.Pages.Single().Value.ExpiresAtMs));
        Assert.Equal([new RememberedId(1, 400, 5, 6, 7), new(2, 200, 0, 0, 0), new(3, 300, 0, 0, 0)], stored.Ids.OrderBy(id => id.Id));
    }

    /// <summary>More than a store lets go of in one step, and then some that were counted late.</summary>
    [Fact]
    public async Task Commit_ThatExpiresManyIds_ForgetsThemAllAndNoneThatComeAfter()
    {
        const int Many = 12_000;
        var open = await _store.OpenAsync(0, Cancel);
        RememberedId[] expired = [.. Enumerable.Range(1, Many).Select(i => new RememberedId((UInt128)i, i, 0, 0, 0))];
        RememberedId[] kept = [new(1, Many + 1, 1, 1, 1), new(2, 5, 2, 2, 2), new(Many + 1, Many + 1, 0, 0, 0)];
        Assert.True(await _store.CommitAsync(Commit(open, 10) with { Dedupe = new([], [], expired, null) }, Cancel));
        Assert.True(await _store.CommitAsync(Commit(open with { Offset = 10 }, 20) with { Dedupe = new([], [], kept, Many + 1) }, Cancel));
        for (var offset = 20; offset < 60; offset += 10)
        {
            Assert.Equal(kept, (await _store.OpenAsync(0, Cancel)).Ids.OrderBy(id => id.Id));
            var again = await _store.OpenAsync(0, Cancel);
            Assert.True(await _store.CommitAsync(Commit(again, offset + 10), Cancel));
        }
        Assert.Equal(kept, (await _store.OpenAsync(0, Cancel)).Ids.OrderBy(id => id.Id));
    }

    [Fact]
    public async Task Commit_OfMoreQuarantinedThanAreKept_KeepsTheNewest()
    {
        var open = await _store.OpenAsync(0, Cancel);
        for (var offset = 1; offset <= 12; offset++)
        {
            var records = Enumerable.Range(0, 100).Select(i => new QuarantinedRecord(offset, $"because of {i} — ü", [(byte)i])).ToArray();
            Assert.True(await _store.CommitAsync(Commit(open with { Offset = offset - 1 }, offset) with { Quarantined = records }, Cancel));
        }

        var kept = await QuarantinedAsync(0);

        Assert.Equal(MaxQuarantined, kept.Count);
        Assert.Equal((12, "because of 99 — ü", "63"), (kept[0].Offset, kept[0].Reason, Convert.ToHexString(kept[0].Body)));
        Assert.Equal((3, "because of 0 — ü"), (kept[^1].Offset, kept[^1].Reason));
        Assert.Empty(await QuarantinedAsync(1));
    }

    /// <summary>The crash schedules, a few of them, on the real store.</summary>
    [Fact]
    public async Task Counts_OverCrashSchedules_EqualTheOracle()
    {
        for (var partition = 0; partition < Partitions; partition++)
            await new CrashSchedule(partition, _store, partition).RunAsync();

        Assert.Equal(0, _store.Backlog);
    }

    /// <summary>Opens the store anew on the data of this test; what was open before is closed.</summary>
    protected abstract Task<ISignalStore> OpenAsync(int partitions);

    /// <summary>Opens the same data once more, with another number of partitions.</summary>
    protected abstract Task OpenBesideAsync(int partitions);

    protected abstract Task<IReadOnlyList<QuarantinedRecord>> QuarantinedAsync(int partition);

    private static PartitionCommit Commit(PartitionCheckpoint from, long to) =>
        new(from.Partition, from.Epoch, from.Offset, to, 0, [], [], [], new([], [], [], null), []);

    private static StoredPage Page(ulong issuer, ulong type, ulong page, long expiresAtMs)
    {
        var bits = new DedupePage();
        bits.Set(4_095, expiresAtMs);
        bits.Set(3, expiresAtMs);
        return new StoredPage(new PageKey(issuer, type, page), expiresAtMs, bits.ToBytes());
    }

    private static IEnumerable<(SegmentId Id, string State)> SegmentsOf(PartitionCheckpoint stored) =>
        stored.Segments.Select(segment => (segment.Key, Convert.ToHexString(segment.Value))).OrderBy(segment => segment.Key.Incarnation);

    private Task<IReadOnlyList<LogEntry>> ReadAsync(int partition = 0) => _store.ReadAsync(partition, 0, 100, Cancel);

    private async Task<PartitionCore> OpenAndApplyAsync()
    {
        var core = new PartitionCore(await _store.OpenAsync(0, Cancel));
        foreach (var entry in await _store.ReadAsync(0, core.Offset, 100, Cancel))
            core.Apply(entry);
        return core;
    }

    private async Task ReopenAsync() => _store = await OpenAsync(Partitions);
}
