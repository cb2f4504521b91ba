using Flywheel.Signals.Redis;
using Flywheel.Signals.Tests.Stores;

namespace Flywheel.Signals.Tests.Redis;

/// <summary>Sources on a real Redis. Each test has a prefix of its own.</summary>
public sealed class RedisSourceLogTests(RedisServer server) : SourceLogContract, IClassFixture<RedisServer>
{
    private readonly string _prefix = $"{Guid.NewGuid():n}:";
    private RedisDatabase? _database;
    private RedisSignalStore? _store;

    public override async ValueTask DisposeAsync()
    {
        if (_store is not null)
            await _store.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
    }

    protected override async Task<ISignalStore> OpenAsync(int partitions)
    {
        await DisposeAsync();
        _database = await server.ConnectAsync(_prefix);
        return _store = await RedisSignalStore.OpenAsync(_database, partitions, TimeProvider.System, Cancel);
    }
}
