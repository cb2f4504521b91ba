using Flywheel.Signals;
using Flywheel.Silo.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using ClusterMember = Flywheel.Silo.Hosting.ClusterMember;

namespace Flywheel.Silo.Tests.Hosting;

/// <summary>The silo inside the process may end by itself; the process brings it back.</summary>
public sealed class ClusterMemberTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Silo_ThatStopsByItself_IsStartedAnew()
    {
        await using var engine = await Engine.StartAsync();
        (await engine.Api.PutAsync("/v1/campaigns/spring", Wire.Spring)).Expect(201);
        var member = engine.Services.GetRequiredService<ClusterMember>();
        var stopped = member.Services;

        // As a background service that fails does.
        stopped.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        await Eventually.ReadsAsync(async () =>
        {
            await engine.Api.DecideAsync("spring");
            return member.IsMember && member.Services != stopped;
        }, isNew => isNew, "another silo");
        await Eventually.ReadsAsync(() => engine.Api.GetAsync("/health/ready"), health => health.Text.Contains("\"ready\"", StringComparison.Ordinal), "a silo that is ready", health => health.Text);
        (await engine.Api.PostAsync("/v1/signals", Wire.Signal(await engine.Api.DecideAsync("spring"), "impression"))).Expect(202);
        await Eventually.ReadsAsync(() => engine.Api.ScoresAsync("spring"), scores => scores.Ledger.Counted == 1, "the signal", scores => scores.Ledger);
    }

    [Fact]
    public async Task Sweep_ThatFails_GoesOn()
    {
        var (store, time) = (new BrokenStore(), new FakeTimeProvider());
        using var sweep = new PartitionSweep(null!, store, time, NullLogger<PartitionSweep>.Instance);
        await sweep.StartAsync(Cancel);

        await Eventually.ReadsAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(store.Asked);
        }, asked => asked > 1, "a second sweep");

        Assert.False(sweep.ExecuteTask!.IsCompleted);
        await sweep.StopAsync(Cancel);
    }

    /// <summary>Fails whatever it is asked.</summary>
    private sealed class BrokenStore : ISignalStore
    {
        private int _asked;

        public int Asked => Volatile.Read(ref _asked);

        public int Partitions => Interlocked.Increment(ref _asked) > 0 ? throw new InvalidOperationException("scripted") : 0;

        public long Backlog => 0;

        public Task AppendAsync(AppendBatch batch, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<PartitionCheckpoint> OpenAsync(int partition, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<LogEntry>> ReadAsync(int partition, long after, int most, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> CommitAsync(PartitionCommit commit, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
