using Flywheel.Grains.Storage;
using Flywheel.Signals;
using Flywheel.Signals.Sqlite;
using Microsoft.Data.Sqlite;

namespace Flywheel.Silo.Hosting;

/// <summary>The data folder and the database in it, open for this process alone.</summary>
internal sealed class EmbeddedStore : IAsyncDisposable
{
    private readonly DataFolder _folder;

    private EmbeddedStore(DataFolder folder, SqliteDatabase database, SqliteSignalStore signals) =>
        (_folder, Database, Signals) = (folder, database, signals);

    public SqliteDatabase Database { get; }

    public SqliteSignalStore Signals { get; }

    /// <exception cref="StartupException">The folder is in use, or what it holds cannot be opened as asked.</exception>
    public static async Task<EmbeddedStore> OpenAsync(FlywheelOptions options)
    {
        var folder = DataFolder.Open(options.Data);
        SqliteDatabase? database = null;
        try
        {
            database = SqliteDatabase.Open(folder.DatabasePath, SqliteSignalStore.Schema, SqliteGrainStorage.Schema);
            return new EmbeddedStore(folder, database, await SqliteSignalStore.OpenAsync(database, options.Partitions, TimeProvider.System));
        }
        catch (Exception e) when (e is InvalidOperationException or SqliteException or StoreUnavailableException)
        {
            if (database is not null)
                await database.DisposeAsync();
            folder.Dispose();
            throw new StartupException(e is InvalidOperationException ? e.Message : $"{folder.DatabasePath} cannot be opened: {e.Message}", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        _folder.Dispose();
    }
}
