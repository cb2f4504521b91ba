using Flywheel.Signals.Sqlite;
using Flywheel.Signals.Tests.Stores;

namespace Flywheel.Signals.Tests.Sqlite;

/// <summary>Sources on a real SQLite file.</summary>
public sealed class SqliteSourceLogTests : SourceLogContract
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"flywheel-{Guid.NewGuid():n}.db");
    private SqliteDatabase? _database;

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
        return await SqliteSignalStore.OpenAsync(_database, partitions, TimeProvider.System, Cancel);
    }
}
