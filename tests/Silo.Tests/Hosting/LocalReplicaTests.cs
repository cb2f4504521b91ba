using System.Text;
using System.Text.Json;
using Flywheel.Abstractions.Campaigns;
using Flywheel.Decisions;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Learning;
using Flywheel.Grains.Replicas;
using Flywheel.Signals;
using Flywheel.Silo.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Flywheel.Silo.Tests.Hosting;

public sealed class LocalReplicaTests(Engine engine)
{
    private const int Campaigns = 200;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A run over all campaigns takes a while, in which some change that are yet to be saved.</summary>
    [Fact]
    public async Task Save_CampaignsChangeMeanwhile_AreOnDiskAfterTheNext()
    {
        using var folder = new TempFolder();
        var replica = new CampaignReplica(engine.Services.GetRequiredService<ISignalStore>(), new ModuleEffectsLearner(), TimeProvider.System);
        Publish(replica, revision: 1);
        using var local = new LocalReplica(new FolderStore(folder.Path), replica, NullLogger<LocalReplica>.Instance);

        var saving = Task.Run(() => local.StopAsync(Cancel), Cancel);
        while (!Directory.EnumerateFiles(folder.Path).Any() && !saving.IsCompleted)
            await Task.Yield();
        Publish(replica, revision: 2);
        await saving;
        await local.StopAsync(Cancel);

        foreach (var campaign in replica.Campaigns)
        {
            using var saved = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(folder.Path, $"{campaign.Published.Id}.json"), Cancel));
            Assert.Equal(2, saved.RootElement.GetProperty("Published").GetProperty("Revision").GetInt64());
        }
    }

    private static void Publish(CampaignReplica replica, long revision)
    {
        var document = CampaignReader.Read("campaign", Encoding.UTF8.GetBytes(Wire.Campaign([2])), out _)!;
        for (var i = 0; i < Campaigns; i++)
        {
            replica.Put(new PublishedCampaignMessage(new PublishedCampaign
            {
                Id = $"c{i}",
                Incarnation = 1,
                Revision = revision,
                LayoutRevision = 1,
                Campaign = document,
                Versions = [[1, 1]],
            }));
        }
    }

    /// <summary>Test double: a store that is a folder alone.</summary>
    private sealed class FolderStore(string folder) : IEngineStore
    {
        public ISignalStore Signals => throw new NotSupportedException();

        public ISourceLog Sources => throw new NotSupportedException();

        public TokenKeys Keys => throw new NotSupportedException();

        public Task<string> ReadKeysAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public IEnumerable<string> Warnings => [];

        public bool MayBeAway => true;

        public string ReplicaFolder => folder;

        public Task PrepareAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Configure(ISiloBuilder silo)
        {
        }

        public Task<string?> LostMembershipAsync(IServiceProvider silo) => Task.FromResult<string?>(null);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
