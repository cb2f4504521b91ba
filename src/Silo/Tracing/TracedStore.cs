using System.Diagnostics;
using Flywheel.Signals;

namespace Flywheel.Silo.Tracing;

/// <summary>A signal store whose calls are spans. It stands before the store only where traces are exported.</summary>
/// <param name="store">The store.</param>
/// <param name="system">Its kind, as OpenTelemetry names it: <c>redis</c> or <c>sqlite</c>.</param>
internal sealed class TracedStore(ISignalStore store, string system) : ISignalStore
{
    private static readonly ActivitySource Source = new("Flywheel.Store");

    public int Partitions => store.Partitions;

    public long Backlog => store.Backlog;

    public string? Trouble => store.Trouble;

    public long Generation => store.Generation;

    public async Task AppendAsync(AppendBatch batch, CancellationToken cancellationToken)
    {
        using var span = Begin("append");
        span?.SetTag("flywheel.entries", batch.Entries.Count).SetTag("flywheel.signals", batch.Entries.Sum(entry => entry.Signals));
        await WatchAsync(span, store.AppendAsync(batch, cancellationToken));
    }

    public async Task<PartitionCheckpoint> OpenAsync(int partition, CancellationToken cancellationToken)
    {
        using var span = Begin("open")?.SetTag("flywheel.partition", partition);
        return await WatchAsync(span, store.OpenAsync(partition, cancellationToken));
    }

    public async Task<IReadOnlyList<LogEntry>> ReadAsync(int partition, long after, int most, CancellationToken cancellationToken)
    {
        using var span = Begin("read")?.SetTag("flywheel.partition", partition);
        return await WatchAsync(span, store.ReadAsync(partition, after, most, cancellationToken));
    }

    public async Task<bool> CommitAsync(PartitionCommit commit, CancellationToken cancellationToken)
    {
        using var span = Begin("commit")?.SetTag("flywheel.partition", commit.Partition);
        return await WatchAsync(span, store.CommitAsync(commit, cancellationToken));
    }

    private Activity? Begin(string operation) =>
        Source.StartActivity($"store {operation}", ActivityKind.Client)?.SetTag("db.system.name", system).SetTag("db.operation.name", operation);

    private static async Task WatchAsync(Activity? span, Task call) => await WatchAsync(span, AnswerAsync(call));

    private static async Task<bool> AnswerAsync(Task call)
    {
        await call;
        return true;
    }

    private static async Task<T> WatchAsync<T>(Activity? span, Task<T> call)
    {
        try
        {
            return await call;
        }
        catch (Exception e)
        {
            span?.SetTag("error.type", e.GetType().Name).SetStatus(ActivityStatusCode.Error);
            throw;
        }
    }
}
