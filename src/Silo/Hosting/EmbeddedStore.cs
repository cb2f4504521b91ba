using System.Net;
using System.Net.Sockets;
using Flywheel.Decisions;
using Flywheel.Grains.Storage;
using Flywheel.Signals;
using Flywheel.Signals.Sqlite;
using Microsoft.Data.Sqlite;
using Orleans.Configuration;
using Orleans.Storage;

namespace Flywheel.Silo.Hosting;

/// <summary>The data folder and the database in it, open for this process alone, whose silo is the only one.</summary>
internal sealed class EmbeddedStore : IEngineStore
{
    private readonly DataFolder _folder;
    private readonly SqliteDatabase _database;
    private readonly SqliteSignalStore _signals;

    private readonly string _keyFile;

    private EmbeddedStore(DataFolder folder, SqliteDatabase database, SqliteSignalStore signals, string keyFile) =>
        (_folder, _database, _signals, _keyFile, Keys) = (folder, database, signals, keyFile, TokenKeyFile.LoadOrCreate(keyFile));

    public ISignalStore Signals => _signals;

    public ISourceLog Sources => _signals;

    public TokenKeys Keys { get; }

    public Task<string> ReadKeysAsync(CancellationToken cancellationToken) => File.ReadAllTextAsync(_keyFile, cancellationToken);

    public IEnumerable<string> Warnings => [];

    public bool MayBeAway => false;

    public string ReplicaFolder => Path.Combine(_folder.Path, "replica");

    /// <exception cref="StartupException">The folder is in use, or what it holds cannot be opened as asked.</exception>
    public static async Task<EmbeddedStore> OpenAsync(FlywheelOptions options)
    {
        var folder = DataFolder.Open(options.Data);
        var path = Path.Combine(folder.Path, "flywheel.db");
        SqliteDatabase? database = null;
        try
        {
            database = SqliteDatabase.Open(path, SqliteSignalStore.Schema, SqliteGrainStorage.Schema);
            var signals = await SqliteSignalStore.OpenAsync(database, options.Partitions, TimeProvider.System);
            return new EmbeddedStore(folder, database, signals, options.TokenKeyPath);
        }
        catch (Exception e) when (e is InvalidOperationException or SqliteException or StoreUnavailableException or StartupException)
        {
            if (database is not null)
                await database.DisposeAsync();
            folder.Dispose();
            throw e is StartupException ? e : new StartupException(e is InvalidOperationException ? e.Message : $"{path} cannot be opened: {e.Message}", e);
        }
    }

    public Task PrepareAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Configure(ISiloBuilder silo)
    {
        var port = FreePort();
        silo.UseLocalhostClustering(port, gatewayPort: 0, new IPEndPoint(IPAddress.Loopback, port));
        silo.Configure<EndpointOptions>(endpoint => (endpoint.AdvertisedIPAddress, endpoint.GatewayPort) = (IPAddress.Loopback, 0));
        silo.Services.AddKeyedSingleton<IGrainStorage>(StorageNames.Default, new SqliteGrainStorage(_database));
    }

    public Task<string?> LostMembershipAsync(IServiceProvider silo) => Task.FromResult<string?>(null);

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>The embedded silo talks to itself alone; any free port will do.</summary>
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
