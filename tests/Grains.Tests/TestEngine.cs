using Flywheel.Abstractions.Campaigns;
using Flywheel.Abstractions.Messaging;
using Flywheel.Abstractions.Modules;
using Flywheel.Abstractions.Partitions;
using Flywheel.Abstractions.Segments;
using Flywheel.Agents.Reviewing;
using Flywheel.Agents.Writing;
using Flywheel.Decisions;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Learning;
using Flywheel.Grains.Campaigns;
using Flywheel.Grains.Hosting;
using Flywheel.Grains.Messaging;
using Flywheel.Grains.Partitions;
using Flywheel.Grains.Replicas;
using Flywheel.Grains.Segments;
using Flywheel.Grains.Storage;
using Flywheel.Grains.Webhooks;
using Flywheel.Signals;
using Flywheel.Signals.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Storage;
using Orleans.TestingHost;

namespace Flywheel.Grains.Tests;

/// <summary>Silos in this process, put together as the engine puts them together, on one SQLite file.</summary>
public sealed class TestEngine : IAsyncDisposable
{
    public const int Partitions = 4;

    private readonly string _path;
    private readonly SqliteDatabase _database;

    private TestEngine(string path, SqliteDatabase database, FaultyStore store, int silos, Action<IServiceCollection>? customise)
    {
        (_path, _database, Store) = (path, database, store);
        var builder = new InProcessTestClusterBuilder((short)silos);
        builder.ConfigureHost(host => host.Logging.SetMinimumLevel(LogLevel.None));
        builder.ConfigureSilo((_, silo) =>
        {
            ConfigureSilo(silo);
            customise?.Invoke(silo.Services);
        });
        builder.ConfigureClientHost(client => client.Services.AddFlywheelMessages());
        Cluster = builder.Build();
    }

    public InProcessTestCluster Cluster { get; }
    public FaultyStore Store { get; }
    public CountingMeter Meter { get; } = new();
    public SteppedTime Clock { get; } = new();
    public ScriptedWriter Writer { get; } = new();
    public ScriptedReviewer Reviewer { get; } = new();
    public ScriptedCourier Courier { get; } = new();

    /// <summary>The database, for what no grain shows.</summary>
    public SqliteDatabase Database => _database;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Starts silos on this file, or on a new one.</summary>
    /// <param name="silos">How many.</param>
    /// <param name="path">The file.</param>
    /// <param name="customise">Replaces services.</param>
    public static async Task<TestEngine> StartAsync(int silos = 1, string? path = null, Action<IServiceCollection>? customise = null)
    {
        path ??= Path.Combine(Path.GetTempPath(), $"flywheel-{Guid.NewGuid():n}.db");
        var database = SqliteDatabase.Open(path, SqliteSignalStore.Schema, SqliteGrainStorage.Schema);
        var engine = new TestEngine(path, database, new FaultyStore(await SqliteSignalStore.OpenAsync(database, Partitions, TimeProvider.System, Cancel)), silos, customise);
        await engine.Cluster.DeployAsync(Cancel);
        return engine;
    }

    /// <summary>Stops, and starts again on the same file.</summary>
    public async Task<TestEngine> RestartAsync()
    {
        var silos = Cluster.Silos.Count;
        await StopAsync();
        return await StartAsync(silos, _path);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        foreach (var suffix in (string[])["", "-wal", "-shm"])
            File.Delete(_path + suffix);
    }

    public ICampaignGrain Campaign(string id) => Cluster.Client.GetGrain<ICampaignGrain>(id);

    public IMessagingGrain Messaging(string id) => Cluster.Client.GetGrain<IMessagingGrain>(id);

    public ICatalogGrain Catalog() => Cluster.Client.GetGrain<ICatalogGrain>(0);

    public IModuleGrain Module(string key) => Cluster.Client.GetGrain<IModuleGrain>(key);

    public ISegmentGrain Segment(string campaign, string segment = Ids.DefaultSegment) => Cluster.Client.GetGrain<ISegmentGrain>($"{campaign}/{segment}");

    public IPartitionGrain Partition(PublishedCampaign published, string segment = Ids.DefaultSegment, int silo = -1) =>
        (silo < 0 ? Cluster.Client : Grains(silo)).GetGrain<IPartitionGrain>(IdOf(published, segment).PartitionOf(Partitions));

    /// <summary>Grains as the API of this silo calls them, in its own process.</summary>
    public IGrainFactory Grains(int silo = 0) => Cluster.Silos[silo].ServiceProvider.GetRequiredService<IGrainFactory>();

    public CampaignReplica Replica(int silo = 0) => Cluster.Silos[silo].ServiceProvider.GetRequiredService<CampaignReplica>();

    public SignalAppender Appender(int silo = 0) => Cluster.Silos[silo].ServiceProvider.GetRequiredService<SignalAppender>();

    public async Task<PublishOutcome> PublishAsync(string id, string json) => await Campaign(id).PublishAsync(new CampaignMessage(Documents.Read(json)), Cancel);

    public static SegmentId IdOf(PublishedCampaign published, string segment = Ids.DefaultSegment) => new(published.Id, published.Incarnation, segment);

    /// <summary>The committed counts of a segment, after everything appended so far was counted.</summary>
    public async Task<SegmentCounts?> CountedAsync(PublishedCampaign published, string segment = Ids.DefaultSegment, int silo = -1)
    {
        var partition = Partition(published, segment, silo);
        while (Store.Backlog > 0)
            await partition.OpenAsync(Cancel).Guarded();
        return (await partition.ReadAsync(published.Id, published.Incarnation, segment, Cancel))?.Counts;
    }

    /// <summary>Waits until this silo serves the segment from counts that satisfy the condition.</summary>
    public async Task<ServedSegment> ServedAsync(string campaign, Func<ServedSegment, bool> condition, string segment = Ids.DefaultSegment, int silo = 0)
    {
        while (true)
        {
            var current = Replica(silo).Find(campaign) ?? throw new InvalidOperationException($"{campaign} is not served by silo {silo}.");
            var change = current.Changes.NextAsync();
            if (Replica(silo).Find(campaign)?.Segment(segment)?.Served is { } served && condition(served))
                return served;
            try
            {
                await change.Guarded();
            }
            catch (TimeoutException)
            {
                var last = Replica(silo).Find(campaign)?.Segment(segment)?.Served;
                var counts = await CountedAsync(current.Published, segment);
                Assert.Fail($"Silo {silo} does not serve {campaign}/{segment} as expected: served {last?.Counts.Ledger} version {last?.Counts.Version}, counted {counts?.Ledger} version {counts?.Version}, {Meter.Fits} fits, {Meter.FailedCommits} failed commits.");
            }
        }
    }

    /// <summary>What a grain has stored, such as <c>flywheel.campaign/spring</c>.</summary>
    public string StoredOf(string id) => _database.Read(connection => connection.Scalar<string>("SELECT state FROM grains WHERE id = @0", id))!;

    private async Task StopAsync()
    {
        await Cluster.StopAllSilosAsync(Cancel);
        await Cluster.DisposeAsync();
        await _database.DisposeAsync();
    }

    private void ConfigureSilo(ISiloBuilder silo)
    {
        silo.Services.AddSingleton<ISignalStore>(Store);
        silo.Services.AddSingleton<TimeProvider>(Clock);
        silo.Services.AddSingleton<ILearner, ModuleEffectsLearner>();
        silo.Services.AddSingleton<IPartitionMeter>(Meter);
        silo.Services.AddSingleton<IFitMeter>(Meter);
        silo.Services.AddSingleton<IMessagingMeter>(Meter);
        silo.Services.AddSingleton<ICampaignMeter>(Meter);
        silo.Services.AddSingleton<IMessageWriter>(Writer);
        silo.Services.AddSingleton<IWebhookCourier>(Courier);
        silo.Services.AddSingleton<IWebhookMeter>(Courier);
        silo.Services.AddSingleton<IMessageReviewer>(Reviewer);
        silo.Services.AddSingleton(NewAppender);
        silo.Services.AddKeyedSingleton<IGrainStorage>(StorageNames.Default, (_, _) => new SqliteGrainStorage(_database));
        silo.AddFlywheelGrains();
        silo.Configure<ClusterMembershipOptions>(membership =>
        {
            membership.ProbeTimeout = TimeSpan.FromMilliseconds(500);
            membership.NumMissedProbesLimit = 2;
            membership.NumVotesForDeathDeclaration = 1;
            membership.TableRefreshTimeout = TimeSpan.FromSeconds(1);
        });
    }

    private SignalAppender NewAppender(IServiceProvider services)
    {
        var grains = new Lazy<IGrainFactory>(services.GetRequiredService<IGrainFactory>);
        return new SignalAppender(Store, BitConverter.ToUInt64(Guid.NewGuid().ToByteArray()), Nudge, (_, _) => { }, TimeProvider.System);

        void Nudge(IReadOnlySet<int> partitions)
        {
            foreach (var partition in partitions)
                grains.Value.GetGrain<IPartitionGrain>(partition).NudgeAsync(CancellationToken.None).Ignore();
        }
    }
}
