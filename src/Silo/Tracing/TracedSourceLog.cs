using Flywheel.Signals;

namespace Flywheel.Silo.Tracing;

/// <summary>A log whose calls for sources are spans. It stands before the log only where traces are exported.</summary>
internal sealed class TracedSourceLog(ISourceLog log, StoreSpans spans) : ISourceLog
{
    public async Task<SourcePosition> ReadAsync(string source, CancellationToken cancellationToken)
    {
        using var span = spans.Begin("read");
        return await StoreSpans.WatchAsync(span, log.ReadAsync(source, cancellationToken));
    }

    public async Task<bool> AppendAsync(SourceBatch batch, CancellationToken cancellationToken)
    {
        using var span = spans.Begin("append")?.SetTag("flywheel.entries", batch.Entries.Count).SetTag("flywheel.signals", batch.Entries.Sum(entry => entry.Signals));
        return await StoreSpans.WatchAsync(span, log.AppendAsync(batch, cancellationToken));
    }
}
