using BenchmarkDotNet.Attributes;
using Flywheel.Signals;
using Flywheel.Signals.Sqlite;

namespace Flywheel.Benchmarks.Micro;

/// <summary>A partition's turn on the embedded store: an entry of 500 signals built, appended, read back, counted and committed to disk.</summary>
[MemoryDiagnoser]
public class CommitBenchmarks
{
    private readonly TemporaryStore _database = new();
    private SqliteSignalStore _store = null!;
    private PartitionCore _core = null!;
    private ulong _counter;
    private long _sequence;

    [GlobalSetup]
    public async Task SetupAsync()
    {
        _store = await SqliteSignalStore.OpenAsync(_database.Database, 1, TimeProvider.System);
        _core = new PartitionCore(await _store.OpenAsync(0, CancellationToken.None));
    }

    [GlobalCleanup]
    public ValueTask CleanupAsync() => _database.DisposeAsync();

    [Benchmark]
    public async Task<bool> Commit()
    {
        var body = EntrySample.Build(_counter);
        _counter += EntryBuilder.MaxSignals;
        await _store.AppendAsync(new AppendBatch(1, ++_sequence, [new PartitionEntry(0, EntryBuilder.MaxSignals, body)]), CancellationToken.None);
        foreach (var entry in await _store.ReadAsync(0, _core.Offset, 1, CancellationToken.None))
            _core.Apply(entry);
        return await _store.CommitAsync(_core.TakeCommit(out _)!, CancellationToken.None) ? true : throw new InvalidOperationException("The commit was refused.");
    }
}
