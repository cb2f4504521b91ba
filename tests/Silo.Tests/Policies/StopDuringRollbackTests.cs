using Flywheel.Grains.Rollbacks;
using Flywheel.Signals;
using Microsoft.Extensions.DependencyInjection;

namespace Flywheel.Silo.Tests.Policies;

/// <summary>Whoever has just seen what was forged takes the policy back and stops a module at once: neither waits for the other.</summary>
public sealed class StopDuringRollbackTests : IAsyncLifetime
{
    private const string Path = "/v1/campaigns/spring";

    private HeldStore _store = null!;
    private Engine _engine = null!;

    private Api Api => _engine.Api;

    public async ValueTask InitializeAsync() => _engine = await Engine.StartAsync(customise: services =>
    {
        _store = new HeldStore((ISignalStore)services.Last(service => service.ServiceType == typeof(ISignalStore)).ImplementationInstance!);
        services.AddSingleton<ISignalStore>(_store);
        // It waits for its rollback to be counted as long as the test wants it to.
        services.AddSingleton(provider => new PolicyRollback(
            provider.GetRequiredService<IGrainFactory>(), _store, provider.GetRequiredService<SignalAppender>(), new EndlessPatience()));
    });

    public async ValueTask DisposeAsync()
    {
        _store.Release();
        await _engine.DisposeAsync();
    }

    [Fact]
    public async Task Stop_WhileARollbackIsCounted_IsAnsweredAndServedBeforeIt()
    {
        (await Api.PutAsync(Path, Wire.Campaign([2], "\"rewards\":{\"click\":1}"))).Expect(201);
        var decisions = await Api.DecideManyAsync("spring", 200);
        (await Api.PostAsync("/v1/signals", Wire.Array(decisions.Select(decision => Wire.Signal(decision, "impression"))))).Expect(202);
        // With all decisions and signals counted nothing but the rollback is appended.
        await Eventually.ReadsAsync(
            () => Api.ScoresAsync("spring"), scores => scores.Ledger.Counted == 200 && scores.Segments[0].Decisions == 200, "200 of both", scores => scores.Ledger);
        var to = (await Api.GetAsync($"{Path}/policy/checkpoints")).Expect(200).Json["segments"]![0]!["checkpoints"]![0]!["at"]!.GetValue<string>();
        var held = _store.HoldCommitsOnceSomethingIsAppended();

        var rollback = Api.PostAsync($"{Path}/policy/rollback", $$"""{"to":"{{to}}"}""");
        await Eventually.CompletesAsync(held, "a rollback that is logged and not counted");
        var stop = await Eventually.CompletesAsync(Api.PostAsync($"{Path}/slots/headline/modules/h2/stop", ""), "the answer to the stop");

        Assert.Equal("stopped", stop.Expect(200).Json["state"]!.GetValue<string>());
        Assert.False(rollback.IsCompleted);
        Assert.All(await Api.DecideManyAsync("spring", 200), decision => Assert.Equal("h1", decision.Variant["headline"].Module));
        _store.Release();
        (await Eventually.CompletesAsync(rollback, "the answer to the rollback")).Expect(200);
        // What it tells the silos of is the campaign as it is by then.
        Assert.All(await Api.DecideManyAsync("spring", 200), decision => Assert.Equal("h1", decision.Variant["headline"].Module));
        var history = (await Api.GetAsync($"{Path}/history")).Expect(200).Json["entries"]!.AsArray().Select(entry => entry!["kind"]!.GetValue<string>());
        Assert.Superset(new HashSet<string> { "policyRolledBack", "stopped" }, history.ToHashSet());
    }

    /// <summary>Test double: the store, which counts nothing after an append until it is released.</summary>
    private sealed class HeldStore(ISignalStore store) : ISignalStore
    {
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource<bool> _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private volatile bool _isArmed;
        private volatile bool _isHolding;

        public int Partitions => store.Partitions;

        public long Backlog => store.Backlog;

        /// <summary>Completes once a commit is held.</summary>
        public Task<bool> HoldCommitsOnceSomethingIsAppended()
        {
            _isArmed = true;
            return _held.Task;
        }

        public void Release()
        {
            (_isArmed, _isHolding) = (false, false);
            _released.TrySetResult();
        }

        public async Task AppendAsync(AppendBatch batch, CancellationToken cancellationToken)
        {
            _isHolding |= _isArmed;
            await store.AppendAsync(batch, cancellationToken);
        }

        public Task<PartitionCheckpoint> OpenAsync(int partition, CancellationToken cancellationToken) => store.OpenAsync(partition, cancellationToken);

        public Task<IReadOnlyList<LogEntry>> ReadAsync(int partition, long after, int most, CancellationToken cancellationToken) => store.ReadAsync(partition, after, most, cancellationToken);

        public async Task<bool> CommitAsync(PartitionCommit commit, CancellationToken cancellationToken)
        {
            if (_isHolding)
            {
                _held.TrySetResult(true);
                await _released.Task;
            }
            return await store.CommitAsync(commit, cancellationToken);
        }
    }

    /// <summary>Test double of a clock: what waits for a second or longer waits for ever.</summary>
    private sealed class EndlessPatience : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime >= TimeSpan.FromSeconds(1) ? Timeout.InfiniteTimeSpan : dueTime, period);
    }
}
