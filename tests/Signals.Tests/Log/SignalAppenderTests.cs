namespace Flywheel.Signals.Tests.Log;

public sealed class SignalAppenderTests
{
    /// <summary>Only a failing test waits this long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly BarrierTime _time = new();
    private readonly List<IReadOnlySet<int>> _appended = [];
    private readonly List<int> _measured = [];

    [Fact]
    public async Task AppendAsync_WhileAnAppendIsUnderWay_GathersTheRestIntoOne()
    {
        var gate = new TaskCompletionSource();
        var store = new ScriptedStore(() => gate.Task);
        await using var appender = NewAppender(store);
        var first = appender.AppendAsync([Entry(0)]);
        await store.NextAsync();
        var rest = Enumerable.Range(0, 50).Select(i => appender.AppendAsync([Entry(i % 3), Entry(3)])).ToArray();

        Assert.All(rest, append => Assert.False(append.IsCompleted));
        gate.SetResult();

        Assert.Equal(AppendOutcome.Durable, await first);
        Assert.All(await Task.WhenAll(rest), outcome => Assert.Equal(AppendOutcome.Durable, outcome));
        var group = await store.NextAsync();
        Assert.Equal((2, 100), (group.Sequence, group.Entries.Count));
        Assert.False(store.HasMore);
        Assert.Equal([[0], [0, 1, 2, 3]], _appended.Select(partitions => partitions.Order().ToArray()));
        Assert.Equal([2, 200], _measured);
    }

    [Fact]
    public async Task AppendAsync_StoreAwayTwice_SendsTheSameBatchUntilItLands()
    {
        var store = new ScriptedStore(ScriptedStore.Away, ScriptedStore.Away);
        await using var appender = NewAppender(store);
        var append = appender.AppendAsync([Entry(1)]);
        await _time.PassAsync();
        await _time.PassAsync();

        Assert.Equal(AppendOutcome.Durable, await append);
        AppendBatch[] tries = [await store.NextAsync(), await store.NextAsync(), await store.NextAsync()];
        Assert.All(tries, batch => Assert.Same(tries[0], batch));
        Assert.Equal((99UL, 1L), (tries[0].Producer, tries[0].Sequence));
        Assert.Single(_appended);
    }

    [Fact]
    public async Task AppendAsync_StoreStaysAway_SaysSoAndGoesOnWithTheNext()
    {
        var store = new ScriptedStore(ScriptedStore.Away, ScriptedStore.Away, ScriptedStore.Away);
        await using var appender = NewAppender(store);
        var append = appender.AppendAsync([Entry(1)]);
        await _time.PassAsync();
        await _time.PassAsync();

        Assert.Equal(AppendOutcome.StoreAway, await append);
        Assert.Empty(_appended);
        Assert.Equal(AppendOutcome.Durable, await appender.AppendAsync([Entry(1)]));
        AppendBatch[] tries = [await store.NextAsync(), await store.NextAsync(), await store.NextAsync(), await store.NextAsync()];
        Assert.Equal([1, 1, 1, 2], tries.Select(batch => batch.Sequence));
    }

    [Fact]
    public async Task AppendAsync_StoreDoesNotAnswer_SaysThatItIsAwayAfterAWhile()
    {
        var store = new ScriptedStore(() => new TaskCompletionSource().Task);
        await using var appender = NewAppender(store);

        var waiting = appender.AppendAsync([Entry(0)]);
        await _time.PassAsync();

        Assert.Equal(AppendOutcome.StoreAway, await waiting);
        Assert.Equal(AppendOutcome.Durable, await appender.AppendAsync([Entry(0)]));
    }

    [Fact]
    public async Task AppendAsync_StoreKnownToBeAway_SaysSoAtOnce()
    {
        var store = new ScriptedStore { Trouble = "scripted" };
        await using var appender = NewAppender(store);

        Assert.Equal(AppendOutcome.StoreAway, await appender.AppendAsync([Entry(0)]));
        Assert.False(store.HasMore);
    }

    [Theory]
    [InlineData(SignalAppender.DefaultMaxBacklog, SignalAppender.DefaultMaxBacklog, AppendOutcome.Durable)]
    [InlineData(SignalAppender.DefaultMaxBacklog, SignalAppender.DefaultMaxBacklog + 1, AppendOutcome.BacklogFull)]
    [InlineData(7, 7, AppendOutcome.Durable)]
    [InlineData(7, 8, AppendOutcome.BacklogFull)]
    public async Task AppendAsync_AtThisBacklog_TurnsAwayOnlyBeyondTheMost(long most, long backlog, AppendOutcome outcome)
    {
        var store = new ScriptedStore { Backlog = backlog };
        await using var appender = NewAppender(store, most);

        Assert.Equal(outcome == AppendOutcome.BacklogFull, appender.IsFull);
        Assert.Equal(outcome, await appender.AppendAsync([Entry(0)]));
        Assert.Equal(outcome == AppendOutcome.Durable, store.HasMore);
    }

    [Fact]
    public async Task IsFull_SignalsThatWaitToBeAppended_AreAmongTheBacklog()
    {
        var gate = new TaskCompletionSource();
        await using var appender = NewAppender(new ScriptedStore(() => gate.Task), maxBacklog: 3);
        var first = appender.AppendAsync([Entry(0)]);
        Assert.False(appender.IsFull);

        var second = appender.AppendAsync([Entry(0)]);

        Assert.True(appender.IsFull);
        Assert.Equal(AppendOutcome.BacklogFull, await appender.AppendAsync([Entry(0)]));
        gate.SetResult();
        await Task.WhenAll(first, second);
        Assert.False(appender.IsFull);
    }

    [Fact]
    public async Task IsFull_StoreKnownToBeAway_IsNot()
    {
        await using var appender = NewAppender(new ScriptedStore { Trouble = "scripted", Backlog = SignalAppender.DefaultMaxBacklog + 1 });

        Assert.False(appender.IsFull);
        Assert.Equal(AppendOutcome.StoreAway, await appender.AppendAsync([Entry(0)]));
    }

    [Fact]
    public async Task AppendAsync_MoreWaitingThanItHolds_TurnsAwayTheRest()
    {
        var gate = new TaskCompletionSource();
        var store = new ScriptedStore(() => gate.Task);
        await using var appender = NewAppender(store);
        var first = appender.AppendAsync([Entry(0)]);
        await store.NextAsync();
        var waiting = Enumerable.Range(0, 10_000).Select(_ => appender.AppendAsync([Entry(0)])).ToArray();

        Assert.Equal(AppendOutcome.BacklogFull, await appender.AppendAsync([Entry(0)]));
        gate.SetResult();

        Assert.All(await Task.WhenAll([first, .. waiting]), outcome => Assert.Equal(AppendOutcome.Durable, outcome));
    }

    [Fact]
    public async Task AppendAsync_Nothing_IsDurableAtOnce()
    {
        var store = new ScriptedStore();
        await using var appender = NewAppender(store);

        Assert.Equal(AppendOutcome.Durable, await appender.AppendAsync([]));
        Assert.False(store.HasMore);
    }

    [Fact]
    public async Task DisposeAsync_WithAppendsWaiting_LetsThemLand()
    {
        var gate = new TaskCompletionSource();
        var store = new ScriptedStore(() => gate.Task);
        var appender = NewAppender(store);
        var first = appender.AppendAsync([Entry(0)]);
        await store.NextAsync();
        var second = appender.AppendAsync([Entry(1)]);
        var disposing = appender.DisposeAsync();
        gate.SetResult();
        await disposing;

        Assert.Equal((AppendOutcome.Durable, AppendOutcome.Durable), (await first, await second));
    }

    [Fact]
    public async Task AppendAsync_AfterAFailureNobodyForesaw_StillAnswers()
    {
        var store = new ScriptedStore(() => Task.FromException(new InvalidOperationException("scripted")));
        var appender = NewAppender(store);
        _ = appender.AppendAsync([Entry(0)]);
        await store.NextAsync();

        var next = appender.AppendAsync([Entry(1)]);

        Assert.Same(next, await Task.WhenAny(next, Task.Delay(Patience, TestContext.Current.CancellationToken)));
    }

    private SignalAppender NewAppender(ISignalStore store, long maxBacklog = SignalAppender.DefaultMaxBacklog) =>
        new(store, producer: 99, _appended.Add, (_, signals) => _measured.Add(signals), _time, maxBacklog);

    private static PartitionEntry Entry(int partition) => new(partition, Signals: 2, Body: [1]);
}
