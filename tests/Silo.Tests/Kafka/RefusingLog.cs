using System.Collections.Concurrent;
using System.Diagnostics;
using Flywheel.Signals;

namespace Flywheel.Silo.Tests.Kafka;

/// <summary>Test double: the log, which can be read and, as told, not be appended to.</summary>
internal sealed class RefusingLog(ISourceLog log) : ISourceLog
{
    private readonly ConcurrentQueue<TimeSpan> _refused = [];

    public volatile bool Refuses;

    /// <summary>When appends were refused, by a clock that only goes forward.</summary>
    public IReadOnlyList<TimeSpan> Refused => [.. _refused];

    public Task<SourcePosition> ReadAsync(string source, CancellationToken cancellationToken) => log.ReadAsync(source, cancellationToken);

    public Task<bool> AppendAsync(SourceBatch batch, CancellationToken cancellationToken)
    {
        if (!Refuses)
            return log.AppendAsync(batch, cancellationToken);
        _refused.Enqueue(Stopwatch.GetElapsedTime(0));
        throw new StoreUnavailableException("scripted: no room");
    }
}
