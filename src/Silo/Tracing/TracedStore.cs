using Flywheel.Signals;

namespace Flywheel.Silo.Tracing;

/// <summary>A signal store whose calls are spans. It stands before the store only where traces are exported.</summary>
internal sealed class TracedStore(ISignalStore store, StoreSpans spans) : ISignalStore
{
    public int Partitions => store.Partitions;

    public long Backlog => store.Backlog;

    public string? Trouble => store.Trouble;

    public long Generation => store.Generation;

    public async Task AppendAsync(AppendBatch batch, CancellationToken cancellationToken)
    {
        using var span = spans.Begin("append");
        span?.SetTag("flywheel.entries", batch.Entries.Count).SetTag("flywheel.signals", batch.Entries.Sum(entry => entry.Signals));
        await StoreSpans.WatchAsync(span, store.AppendAsync(batch, cancellationToken));
    }

    public async Task<PartitionCheckpoint> OpenAsync(int partition, CancellationToken cancellationToken)
    {
        using var span = spans.Begin("open")?.SetTag("flywheel.partition", partition);
        return await StoreSpans.WatchAsync(span, store.OpenAsync(partition, cancellationToken));
    }

    public async Task<IReadOnlyList<LogEntry>> ReadAsync(int partition, long after, int most, CancellationToken cancellationToken)
    {
        using var span = spans.Begin("read")?.SetTag("flywheel.partition", partition);
        return await StoreSpans.WatchAsync(span, store.ReadAsync(partition, after, most, cancellationToken));
    }

    public async Task<bool> CommitAsync(PartitionCommit commit, CancellationToken cancellationToken)
    {
        using var span = spans.Begin("commit")?.SetTag("flywheel.partition", commit.Partition);
        return await StoreSpans.WatchAsync(span, store.CommitAsync(commit, cancellationToken));
    }
}
