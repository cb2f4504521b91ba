namespace Flywheel.Signals;

/// <summary>
/// The durable signal log and the counts made from it. One implementation a store, all with these promises.
/// </summary>
/// <remarks>
/// Every method throws <see cref="StoreUnavailableException"/> where the store is away. After that exception the outcome of a
/// write is unknown: an append may be sent again under the same sequence, a commit needs a fresh <see cref="OpenAsync"/>.
/// </remarks>
public interface ISignalStore
{
    /// <summary>Partitions of the log, fixed when the store was made.</summary>
    int Partitions { get; }

    /// <summary>Signals appended and not yet committed.</summary>
    long Backlog { get; }

    /// <summary>What is wrong with the store, in a sentence; null while it answers. Writes that are asked for meanwhile would fail.</summary>
    string? Trouble => null;

    /// <summary>
    /// Rises whenever the store may have gone back to an earlier state, as after a crash that took the latest writes: what an owner
    /// has in memory is older truth then, and it opens its partition again.
    /// </summary>
    long Generation => 0;

    /// <summary>
    /// Appends a batch; it is durable as a whole once this returns. A batch whose sequence is not above the producer's last
    /// one is a retry that already landed, and is left out. A producer has one append under way at a time.
    /// </summary>
    Task AppendAsync(AppendBatch batch, CancellationToken cancellationToken);

    /// <summary>Takes a partition over: raises its epoch, which fences every earlier owner, and returns what was last committed.</summary>
    Task<PartitionCheckpoint> OpenAsync(int partition, CancellationToken cancellationToken);

    /// <summary>Entries behind an offset, in order.</summary>
    Task<IReadOnlyList<LogEntry>> ReadAsync(int partition, long after, int most, CancellationToken cancellationToken);

    /// <summary>
    /// Puts a commit in force as a whole, or not at all: false where its epoch or its offset is no longer the partition's.
    /// Entries up to the new offset are trimmed.
    /// </summary>
    Task<bool> CommitAsync(PartitionCommit commit, CancellationToken cancellationToken);
}
