using System.Net;
using Flywheel.Decisions;
using Flywheel.Grains.Storage;
using Flywheel.Signals;
using Flywheel.Signals.Redis;
using Orleans.Clustering.Redis;
using Orleans.Configuration;
using Orleans.Persistence;
using StackExchange.Redis;

namespace Flywheel.Silo.Hosting;

/// <summary>
/// The Redis that the silos of a cluster share: the signal log and the counts, who is a member, grain state and reminders. On this
/// machine's own disk it keeps a folder for the silo, which is known by its port.
/// </summary>
internal sealed class ClusterStore : IEngineStore
{
    private static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(1);

    private readonly FlywheelOptions _options;
    private readonly DataFolder _folder;
    private readonly RedisDatabase _database;
    private readonly RedisSignalStore _signals;
    private bool _rowWasMissing;

    private ClusterStore(FlywheelOptions options, DataFolder folder, RedisDatabase database, TokenKeys keys)
    {
        (_options, _folder, _database, Keys) = (options, folder, database, keys);
        _signals = new RedisSignalStore(database, options.Partitions, TimeProvider.System);
    }

    public ISignalStore Signals => _signals;

    public ISourceLog Sources => _signals;

    public TokenKeys Keys { get; }

    public async Task<string> ReadKeysAsync(CancellationToken cancellationToken)
    {
        if (_options.TokenKey is { } file)
            return await File.ReadAllTextAsync(file, cancellationToken);
        var shared = await _database.Connection.GetDatabase().StringGetAsync(SharedKey(_database));
        if (shared.IsNull)
            throw new StoreUnavailableException("Redis has no token keys any more.");
        // A start while Redis is away, or has lost them, goes by the copy: it must not bring back what was dropped.
        if (await File.ReadAllTextAsync(CopyPath, cancellationToken) != shared)
            TokenKeyFile.Write(CopyPath, shared!, overwrite: true);
        return shared!;
    }

    public IEnumerable<string> Warnings => _signals.Warnings.Select(warning => warning.Message);

    public bool MayBeAway => true;

    private string CopyPath => CopyIn(_folder);

    public string ReplicaFolder => Path.Combine(_folder.Path, "replica");

    /// <exception cref="StartupException">The folder is in use, the port is taken, the connection string cannot be used, or Redis turned its user away.</exception>
    public static async Task<ClusterStore> OpenAsync(FlywheelOptions options)
    {
        var folder = DataFolder.Open(Path.Combine(options.Data, $"silo-{options.SiloPort}"));
        try
        {
            var database = await RedisDatabase.ConnectAsync(options.Redis!, options.RedisPrefix, mayBeAway: true);
            var keys = options.TokenKey is { } file
                ? TokenKeyFile.LoadOrCreate(file)
                : await SharedKeysAsync(database, CopyIn(folder));
            return new ClusterStore(options, folder, database, keys);
        }
        catch (Exception e)
        {
            folder.Dispose();
            throw e is ArgumentException ? new StartupException($"--redis: {e.Message}", e) : e is StoreUnavailableException ? new StartupException(e.Message, e) : e;
        }
    }

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _signals.PrepareAsync(cancellationToken);
        }
        catch (InvalidOperationException e)
        {
            throw new StartupException(e.Message, e);
        }
        catch (StoreUnavailableException e) when (RedisDatabase.RefusalOf(e) is { } answer)
        {
            throw TurnedAway(answer, e);
        }
    }

    public void Configure(ISiloBuilder silo)
    {
        _rowWasMissing = false;
        silo.Configure<ClusterOptions>(cluster => (cluster.ServiceId, cluster.ClusterId) = ($"{_options.RedisPrefix}orleans", "flywheel"));
        silo.Configure<EndpointOptions>(endpoint =>
        {
            endpoint.AdvertisedIPAddress = IPAddress.Parse(_options.Advertise);
            (endpoint.SiloPort, endpoint.GatewayPort) = (_options.SiloPort, _options.GatewayPort);
        });
        silo.UseRedisClustering(clustering =>
        {
            clustering.ConfigurationOptions = _database.Options.Clone();
            clustering.CreateRedisKey = _ => $"{_options.RedisPrefix}members";
        });
        silo.AddRedisGrainStorage(StorageNames.Default, (RedisStorageOptions storage) =>
        {
            storage.ConfigurationOptions = _database.Options.Clone();
            storage.GrainStorageSerializer = new PlainJsonSerializer();
            storage.GetStorageKey = (name, grain) => $"{_options.RedisPrefix}grain:{name}:{grain}";
            storage.DeleteStateOnClear = true;
        });
        silo.UseRedisReminderService(reminders => reminders.ConfigurationOptions = _database.Options.Clone());
        silo.Configure<ClusterMembershipOptions>(ConfigureMembership);
    }

    public async Task<string?> LostMembershipAsync(IServiceProvider silo)
    {
        if (_signals.IsReplaced)
            return _signals.Trouble;
        var wasMissing = _rowWasMissing;
        try
        {
            var row = await silo.GetRequiredService<IMembershipTable>().ReadRowAsync(silo.GetRequiredService<ILocalSiloDetails>().SiloAddress);
            _rowWasMissing = row.Members.Count == 0;
        }
        catch (RedisClusteringException)
        {
            // The table as a whole is gone.
            _rowWasMissing = true;
        }
        catch (Exception e) when (e is RedisException or TimeoutException or OrleansException)
        {
            return null;
        }
        // Once may be a moment of the table's own; twice is gone.
        return wasMissing && _rowWasMissing ? "This silo's row in the membership table is gone." : null;
    }

    public async ValueTask DisposeAsync()
    {
        await _signals.DisposeAsync();
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>
    /// A silo that froze is found out by probes and voted out. With Orleans' own settings its grains were unreachable for 68 s, with
    /// these for 8.5 s (docs/reliability.md). A probe that goes unanswered for a second is a miss; a table row without a sign of life for
    /// 15 s is of a silo that need not be asked when another joins.
    /// </summary>
    private static void ConfigureMembership(ClusterMembershipOptions membership)
    {
        membership.ProbeTimeout = TimeSpan.FromSeconds(1);
        membership.MaxProbeTimeout = TimeSpan.FromSeconds(2);
        membership.EnableConnectionLivenessCheck = false;
        membership.TableRefreshTimeout = TimeSpan.FromSeconds(5);
        membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
        membership.NumMissedTableIAmAliveLimit = 3;
    }

    /// <summary>
    /// The keys that all silos share, where no file was named: whoever is first puts its own into Redis. A copy is kept for a start
    /// while Redis is away.
    /// </summary>
    private static async Task<TokenKeys> SharedKeysAsync(RedisDatabase database, string copy)
    {
        while (true)
        {
            try
            {
                var redis = database.Connection.GetDatabase();
                var key = SharedKey(database);
                if (!await redis.KeyExistsAsync(key))
                    await redis.StringSetAsync(key, TokenKeyFile.ReadOrMake(copy), when: When.NotExists);
                TokenKeyFile.Write(copy, (await redis.StringGetAsync(key))!, overwrite: true);
                return TokenKeyFile.LoadOrCreate(copy);
            }
            catch (Exception e) when (e is RedisException or TimeoutException)
            {
                if (RedisDatabase.RefusalOf(e) is { } answer)
                    throw TurnedAway(answer, e);
                if (File.Exists(copy))
                    return TokenKeyFile.LoadOrCreate(copy);
                await Console.Error.WriteLineAsync($"flywheel: Redis did not answer ({e.Message}); waiting for the keys of the decision tokens");
                await Task.Delay(RetryEvery);
            }
        }
    }

    private static string CopyIn(DataFolder folder) => Path.Combine(folder.Path, "token.key");

    private static RedisKey SharedKey(RedisDatabase database) => database.Prefix + "token-keys";

    /// <summary>Waiting does not help there.</summary>
    private static StartupException TurnedAway(string answer, Exception e) =>
        new($"--redis: Redis answered \"{answer}\". Check user= and password= of the connection string, and what this user may do (ACL).", e);
}
