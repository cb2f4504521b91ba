namespace Flywheel.Signals;

/// <summary>
/// The log as one that follows sources: whatever reads a source and however often, each of its messages is in the log once. How far a source
/// was read stands beside the signals, one offset in each partition of the log, and changes in the same write as they do.
/// </summary>
/// <remarks>
/// Every method throws <see cref="StoreUnavailableException"/> where the store is away. After that exception the outcome of an append is
/// unknown: <see cref="ReadAsync"/> tells, and what landed is left out when the source is read again from there.
/// </remarks>
public interface ISourceLog
{
    /// <summary>How far a source was read.</summary>
    Task<SourcePosition> ReadAsync(string source, CancellationToken cancellationToken);

    /// <summary>
    /// Appends a batch, and moves its partitions' offsets behind it; all of it is durable once this returns true. False where one of the
    /// offsets is not what the batch goes on from, because another reads the source, or did: then nothing is appended to that partition, and
    /// the source's own offset stays, which says that everything before it is in all partitions.
    /// </summary>
    Task<bool> AppendAsync(SourceBatch batch, CancellationToken cancellationToken);
}
