using Flywheel.Signals;
using Microsoft.Extensions.DependencyInjection;

namespace Flywheel.Silo.Tests.Signals;

/// <summary>What a caller hears, and what is counted, while the store is away or cannot keep up.</summary>
public sealed class StoreFailureTests : IAsyncLifetime
{
    private const string Campaign = "spring";
    private const int MaxBacklog = 1_000;

    private FailingStore _store = null!;
    private Engine _engine = null!;

    public async ValueTask InitializeAsync()
    {
        _engine = await Engine.StartAsync(customise: services =>
        {
            var inner = (ISignalStore)services.Single(service => service.ServiceType == typeof(ISignalStore)).ImplementationInstance!;
            services.AddSingleton<ISignalStore>(_store = new FailingStore(inner));
        }, args: ["--max-backlog", $"{MaxBacklog}"]);
        (await _engine.Api.PutAsync($"/v1/campaigns/{Campaign}", Wire.Campaign([2]))).Expect(201);
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task Post_StoreAway_Answers503AndCountsOnceWhenSentAgain()
    {
        var signal = Wire.Signal(await _engine.Api.DecideAsync(Campaign), "impression");

        _store.Failure = Failure.BeforeTheWrite;
        AssertLater(await _engine.Api.PostAsync("/v1/signals", signal), 503);
        AssertLater(await _engine.Api.GetAsync($"/v1/b/click/{(await _engine.Api.DecideAsync(Campaign)).DecisionId}"), 503);
        _store.Failure = Failure.None;

        (await _engine.Api.PostAsync("/v1/signals", signal)).Expect(202);
        await AssertCountedAsync(1);
    }

    [Fact]
    public async Task Post_OutcomeUnknown_CountsOnceWhenSentAgain()
    {
        var signal = Wire.Signal(await _engine.Api.DecideAsync(Campaign), "impression");

        _store.Failure = Failure.AfterTheWrite;
        await _engine.Api.PostAsync("/v1/signals", signal);
        _store.Failure = Failure.None;

        (await _engine.Api.PostAsync("/v1/signals", signal)).Expect(202);
        await AssertCountedAsync(1);
    }

    [Fact]
    public async Task Post_BacklogFull_Answers429()
    {
        var signal = Wire.Signal(await _engine.Api.DecideAsync(Campaign), "impression");

        _store.MoreBacklog = MaxBacklog + 1;
        AssertLater(await _engine.Api.PostAsync("/v1/signals", signal), 429);
        AssertLater(await _engine.Api.GetAsync($"/v1/b/click/{(await _engine.Api.DecideAsync(Campaign)).DecisionId}"), 429);
        await _engine.Api.DecideAsync(Campaign);
        _store.MoreBacklog = 0;

        (await _engine.Api.PostAsync("/v1/signals", signal)).Expect(202);
        await AssertCountedAsync(1);
    }

    [Fact]
    public async Task Post_BacklogFull_Answers429BeforeItReadsTheBody()
    {
        _store.MoreBacklog = MaxBacklog + 1;

        AssertLater(await _engine.Api.PostAsync("/v1/signals", "{"), 429);
        AssertLater(await _engine.Api.PostAsync("/v1/signals", new string('\n', 8_000_000), "application/x-ndjson"), 429);

        var metrics = (await _engine.Api.GetAsync("/metrics")).Expect(200).Text;
        Assert.Contains("flywheel_signals_total{outcome=\"busy\"} 2", metrics, StringComparison.Ordinal);
        Assert.Contains($"flywheel_backlog_limit_signals {MaxBacklog}\n", metrics, StringComparison.Ordinal);
        _store.MoreBacklog = MaxBacklog;
        (await _engine.Api.PostAsync("/v1/signals", "{")).Expect(400);
    }

    [Fact]
    public async Task Decide_StoreAway_GoesOn()
    {
        _store.Failure = Failure.BeforeTheWrite;

        Assert.Equal(500, (await _engine.Api.DecideManyAsync(Campaign, 500)).Count);

        _store.Failure = Failure.None;
        await Eventually.ReadsAsync(() => _engine.Api.ScoresAsync(Campaign), scores => scores.Segments[0].Decisions == 500, "500 decisions", scores => scores.Segments[0].Decisions);
    }

    /// <summary>Whoever took a report whose answer is lost for one that did not land would count its decisions twice.</summary>
    [Fact]
    public async Task Decide_AnswersOfTheStoreLost_CountsEachDecisionOnce()
    {
        _store.Failure = Failure.AfterTheWrite;
        await _engine.Api.DecideManyAsync(Campaign, 300);
        // More than any layer tries before it gives a report up.
        var failed = _store.AppendsFailed;
        await Eventually.ReadsAsync(() => Task.FromResult(_store.AppendsFailed), appends => appends > failed + 6, "appends that fail");
        await _engine.Api.DecideManyAsync(Campaign, 200);
        _store.Failure = Failure.None;

        await Eventually.ReadsAsync(() => _engine.Api.ScoresAsync(Campaign), scores => scores.Segments[0].Decisions >= 500, "500 decisions", scores => scores.Segments[0].Decisions);
        await _engine.Api.DecideManyAsync(Campaign, 1);
        var scores = await Eventually.ReadsAsync(() => _engine.Api.ScoresAsync(Campaign), scores => scores.Segments[0].Decisions > 500, "one decision more", scores => scores.Segments[0].Decisions);

        Assert.Equal(501, scores.Segments[0].Decisions);
    }

    [Fact]
    public async Task Count_CommitsFail_CountsOnceAfterwards()
    {
        var decisions = await _engine.Api.DecideManyAsync(Campaign, 50);

        _store.CommitsToFail = 5;
        foreach (var decision in decisions)
            (await _engine.Api.PostAsync("/v1/signals", Wire.Signal(decision, "impression"))).Expect(202);

        await AssertCountedAsync(50);
        Assert.True(_store.CommitsToFail < 5, "Expected commits that failed.");
    }

    private static void AssertLater(Answer answer, int status)
    {
        answer.ExpectProblem(status);
        Assert.True(answer.Headers.RetryAfter?.Delta > TimeSpan.Zero, $"Expected a Retry-After; came {answer.Headers.RetryAfter}");
    }

    /// <summary>Waits for a barrier that was sent behind everything, then looks.</summary>
    private async Task AssertCountedAsync(long impressions)
    {
        (await _engine.Api.PostAsync("/v1/signals", Wire.Observed(Campaign, "barrier", "impression"))).Expect(202);
        var scores = await Eventually.ReadsAsync(
            () => _engine.Api.ScoresAsync(Campaign), scores => scores.Segments[0].Slots[0].Modules[0].Observed is not null, "the barrier", scores => scores.Ledger);
        Assert.Equal(impressions, scores.Segments[0].Impressions);
        Assert.Equal(scores.Ledger.Accepted, scores.Ledger.Counted + scores.Ledger.Duplicate);
    }

    private enum Failure
    {
        None,
        BeforeTheWrite,
        AfterTheWrite,
    }

    /// <summary>A store that fails when it is told to; some failures come after the write has landed.</summary>
    private sealed class FailingStore(ISignalStore inner) : ISignalStore
    {
        private int _commitsToFail;
        private int _appendsFailed;

        public volatile Failure Failure;

        public long MoreBacklog { get; set; }

        public int CommitsToFail
        {
            get => Volatile.Read(ref _commitsToFail);
            set => Volatile.Write(ref _commitsToFail, value);
        }

        public int AppendsFailed => Volatile.Read(ref _appendsFailed);

        public int Partitions => inner.Partitions;

        public long Backlog => inner.Backlog + MoreBacklog;

        public async Task AppendAsync(AppendBatch batch, CancellationToken cancellationToken)
        {
            if (Failure != Failure.BeforeTheWrite)
                await inner.AppendAsync(batch, cancellationToken);
            if (Failure == Failure.None)
                return;
            Interlocked.Increment(ref _appendsFailed);
            throw new StoreUnavailableException("The test has taken the store away.");
        }

        public Task<PartitionCheckpoint> OpenAsync(int partition, CancellationToken cancellationToken) => inner.OpenAsync(partition, cancellationToken);

        public Task<IReadOnlyList<LogEntry>> ReadAsync(int partition, long after, int most, CancellationToken cancellationToken) =>
            inner.ReadAsync(partition, after, most, cancellationToken);

        public async Task<bool> CommitAsync(PartitionCommit commit, CancellationToken cancellationToken)
        {
            var left = Interlocked.Decrement(ref _commitsToFail);
            if (left < 0)
                return await inner.CommitAsync(commit, cancellationToken);
            if (left % 2 == 0)
                await inner.CommitAsync(commit, cancellationToken);
            throw new StoreUnavailableException("The test has lost the answer to a commit.");
        }
    }
}
