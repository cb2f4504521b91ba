using Flywheel.Abstractions.Partitions;
using Flywheel.Grains.Partitions;
using Microsoft.Extensions.DependencyInjection;

namespace Flywheel.Grains.Tests.Partitions;

public sealed class PartitionMoveTests : IAsyncLifetime
{
    private TestEngine _engine = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _engine = await TestEngine.StartAsync();

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task SiloJoinsAndLeaves_PartitionsFollowThePlan()
    {
        var published = (await _engine.PublishAsync("spring", Documents.Spring())).Current!.Published;
        await new SignalBatch(published, 0, 100).AppendAsync(_engine.Appender());

        var joined = await _engine.Cluster.StartAdditionalSiloAsync();
        await FollowsAsync(silos: 2).Guarded();
        await new SignalBatch(published, 100, 100).AppendAsync(_engine.Appender());
        await _engine.Cluster.StopSiloAsync(joined, Cancel);
        await FollowsAsync(silos: 1).Guarded();

        Assert.Equal(200, (await _engine.CountedAsync(published))!.Ledger.Counted);
    }

    /// <summary>Opens the partitions, as the sweep does, until each is where the plan for that many silos has it.</summary>
    private async Task FollowsAsync(int silos)
    {
        var management = _engine.Cluster.Client.GetGrain<IManagementGrain>(0);
        while (true)
        {
            var owners = _engine.Cluster.Silos[0].ServiceProvider.GetRequiredService<PartitionOwners>();
            var (planned, actual) = (new List<SiloAddress>(), new List<SiloAddress?>());
            for (var partition = 0; partition < TestEngine.Partitions; partition++)
            {
                var grain = _engine.Grains().GetGrain<IPartitionGrain>(partition);
                await grain.OpenAsync(Cancel);
                planned.Add(owners.OwnerOf(partition));
                actual.Add(await management.GetActivationAddress(grain, Cancel));
            }
            if (planned.Distinct().Count() == silos && planned.SequenceEqual(actual!))
                return;
        }
    }
}
