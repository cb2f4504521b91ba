using Flywheel.Decisions;
using Flywheel.Signals;
using Flywheel.Silo.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Flywheel.Silo.Tests.Hosting;

/// <summary>A silo may be voted out while it loads what it serves, and then loading may never end.</summary>
public sealed class LostWhileLoadingTests : IAsyncLifetime
{
    private readonly Gate _gate = new();
    private readonly Engine _engine;
    private MemberStore _store = null!;

    public LostWhileLoadingTests() => _engine = new Engine(services =>
    {
        var store = services.Single(service => service.ServiceType == typeof(IEngineStore)).ImplementationFactory!;
        services.AddSingleton<IEngineStore>(provider => _store = new MemberStore((IEngineStore)store(provider)));
        var signals = (ISignalStore)services.Single(service => service.ServiceType == typeof(ISignalStore)).ImplementationInstance!;
        services.AddSingleton<ISignalStore>(new HeldStore(signals, _gate));
        // A silo that ends with calls on their way says so at length.
        services.AddLogging(logging => logging.ClearProviders());
    });

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _gate.Opened.TrySetResult();
        await _engine.DisposeAsync();
    }

    [Fact]
    public async Task Start_LostWhileLoading_IsNoticedAndJoinsAnew()
    {
        var starting = Task.Run(async () =>
        {
            await _engine.InitializeAsync();
            return true;
        });
        await Eventually.CompletesAsync(_gate.Asked.Task, "the silo to load");

        _store.Why = "It was voted out.";
        await Eventually.CompletesAsync(starting, "a start without the silo");
        Assert.Contains("voted out", (await _engine.Api.GetAsync("/health/ready")).Expect(503).Text, StringComparison.Ordinal);

        _store.Why = null;
        _gate.Opened.SetResult();
        await Eventually.ReadsAsync(() => _engine.Api.GetAsync("/health/ready"), answer => answer.Status == 200, "the silo to be ready", answer => answer.Text);
        (await _engine.Api.PutAsync("/v1/campaigns/spring", Wire.Spring)).Expect(201);
    }

    private sealed class Gate
    {
        public TaskCompletionSource<bool> Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Opened { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Test double: the store, in a cluster that says when this silo is no member of it.</summary>
    private sealed class MemberStore(IEngineStore store) : IEngineStore
    {
        private volatile string? _why;

        public string? Why
        {
            get => _why;
            set => _why = value;
        }

        public ISignalStore Signals => store.Signals;

        public ISourceLog Sources => store.Sources;

        public TokenKeys Keys => store.Keys;

        public Task<string> ReadKeysAsync(CancellationToken cancellationToken) => store.ReadKeysAsync(cancellationToken);

        public IEnumerable<string> Warnings => store.Warnings;

        public bool MayBeAway => true;

        public string ReplicaFolder => "unused";

        public Task PrepareAsync(CancellationToken cancellationToken) => store.PrepareAsync(cancellationToken);

        public void Configure(ISiloBuilder silo) => store.Configure(silo);

        public Task<string?> LostMembershipAsync(IServiceProvider silo) => Task.FromResult(Why);

        public ValueTask DisposeAsync() => store.DisposeAsync();
    }

    /// <summary>Test double: the store, whose partitions cannot be opened before the gate is.</summary>
    private sealed class HeldStore(ISignalStore store, Gate gate) : ISignalStore
    {
        public int Partitions => store.Partitions;

        public long Backlog => store.Backlog;

        public long Generation => store.Generation;

        public Task AppendAsync(AppendBatch batch, CancellationToken cancellationToken) => store.AppendAsync(batch, cancellationToken);

        public async Task<PartitionCheckpoint> OpenAsync(int partition, CancellationToken cancellationToken)
        {
            gate.Asked.TrySetResult(true);
            await gate.Opened.Task;
            return await store.OpenAsync(partition, cancellationToken);
        }

        public Task<IReadOnlyList<LogEntry>> ReadAsync(int partition, long after, int most, CancellationToken cancellationToken) =>
            store.ReadAsync(partition, after, most, cancellationToken);

        public Task<bool> CommitAsync(PartitionCommit commit, CancellationToken cancellationToken) => store.CommitAsync(commit, cancellationToken);
    }
}
