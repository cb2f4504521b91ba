using Flywheel.Domain.Learning;
using Microsoft.Extensions.DependencyInjection;

namespace Flywheel.Grains.Tests.Partitions;

public sealed class SiloLossTests : IAsyncLifetime
{
    private TestEngine _engine = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _engine = await TestEngine.StartAsync(silos: 2);

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task SiloKilled_WhileItsPartitionCounts_AnotherGoesOnExactly()
    {
        var published = (await _engine.PublishAsync("spring", Documents.Spring())).Current!.Published;
        await new SignalBatch(published, 0, 100).AppendAsync(_engine.Appender());
        var partition = _engine.Partition(published);
        await partition.OpenAsync(Cancel);
        var owner = await _engine.Cluster.Client.GetGrain<IManagementGrain>(0).GetActivationAddress(partition, Cancel);
        var lost = _engine.Cluster.Silos.Single(silo => silo.SiloAddress.Equals(owner));
        var survivor = _engine.Cluster.Silos.Single(silo => silo != lost);
        var appender = survivor.ServiceProvider.GetRequiredService<Signals.SignalAppender>();
        Task killing = Task.CompletedTask;
        for (var round = 0; round < 20; round++)
        {
            await new SignalBatch(published, round * 50, 100) { EntrySize = 10 }.AppendAsync(appender);
            if (round == 5)
                killing = _engine.Cluster.KillSiloAsync(lost, Cancel);
        }
        await killing;

        var counts = await CountedBySurvivorAsync().Guarded();

        Assert.Equal(new SignalLedger(2_100, 1_050, 1_050, 0, 0), counts.Ledger);
        Assert.Equal(1_050, counts.Sum(TallySource.Learned).Impressions);

        async Task<SegmentCounts> CountedBySurvivorAsync()
        {
            var survivors = survivor.ServiceProvider.GetRequiredService<IGrainFactory>();
            var owned = survivors.GetGrain<Abstractions.Partitions.IPartitionGrain>(TestEngine.IdOf(published).PartitionOf(TestEngine.Partitions));
            while (true)
            {
                try
                {
                    await owned.OpenAsync(Cancel);
                    if (_engine.Store.Backlog == 0)
                        return (await owned.ReadAsync("spring", published.Incarnation, "default", Cancel))!.Counts;
                }
                catch (Exception e) when (e is OrleansException or TimeoutException)
                {
                    // The silo's death is not known everywhere yet; the next call finds the new owner.
                    Cancel.ThrowIfCancellationRequested();
                }
            }
        }
    }
}
