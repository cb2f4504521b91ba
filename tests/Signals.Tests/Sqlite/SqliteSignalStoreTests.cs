using Flywheel.Signals.Sqlite;
using Flywheel.Signals.Tests.Stores;

namespace Flywheel.Signals.Tests.Sqlite;

/// <summary>The store contract on a real SQLite file.</summary>
public sealed class SqliteSignalStoreTests : SignalStoreContract
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"flywheel-{Guid.NewGuid():n}.db");
    private SqliteDatabase? _database;
    private SqliteSignalStore _store = null!;

    public override async ValueTask DisposeAsync()
    {
        if (_database is not null)
            await _database.DisposeAsync();
        foreach (var suffix in (string[])["", "-wal", "-shm"])
            File.Delete(_path + suffix);
    }

    protected override async Task<ISignalStore> OpenAsync(int partitions)
    {
        if (_database is not null)
            await _database.DisposeAsync();
        _database = SqliteDatabase.Open(_path, SqliteSignalStore.Schema);
        return _store = await SqliteSignalStore.OpenAsync(_database, partitions, TimeProvider.System, Cancel);
    }

    protected override Task OpenBesideAsync(int partitions) => SqliteSignalStore.OpenAsync(_database!, partitions, TimeProvider.System, Cancel);

    protected override Task<IReadOnlyList<QuarantinedRecord>> QuarantinedAsync(int partition) => Task.FromResult(_store.Quarantined(partition));
}
