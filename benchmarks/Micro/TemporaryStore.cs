using Flywheel.Signals.Sqlite;

namespace Flywheel.Benchmarks.Micro;

/// <summary>An embedded store in a folder that goes when this is disposed.</summary>
internal sealed class TemporaryStore : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flywheel-micro-");

    public TemporaryStore() => Database = SqliteDatabase.Open(Path.Combine(_folder.FullName, "flywheel.db"), SqliteSignalStore.Schema);

    public SqliteDatabase Database { get; }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
