using Flywheel.Signals;

namespace Flywheel.Grains.Tests;

/// <summary>Test double of a store that is away at times: it hands everything on to the real one, and fails when a test says so.</summary>
public sealed class FaultyStore(ISignalStore store) : ISignalStore
{
    private long _generation;
    private int _failingAppends;
    private int _failingReads;
    private int _lostReplies;

    public int Partitions => store.Partitions;

    public long Backlog => store.Backlog;

    public long Generation => Interlocked.Read(ref _generation);

    /// <summary>As after a start of the store anew.</summary>
    public void StartAnew() => Interlocked.Increment(ref _generation);

    public void FailAppends(int times) => Interlocked.Exchange(ref _failingAppends, times);

    public void FailReads(int times) => Interlocked.Exchange(ref _failingReads, times);

    /// <summary>The next commits land, and their owner does not learn of it.</summary>
    public void LoseCommitReplies(int times) => Interlocked.Exchange(ref _lostReplies, times);

    public Task AppendAsync(AppendBatch batch, CancellationToken cancellationToken)
    {
        ThrowIfNext(ref _failingAppends);
        return store.AppendAsync(batch, cancellationToken);
    }

    public Task<PartitionCheckpoint> OpenAsync(int partition, CancellationToken cancellationToken) => store.OpenAsync(partition, cancellationToken);

    public Task<IReadOnlyList<LogEntry>> ReadAsync(int partition, long after, int most, CancellationToken cancellationToken)
    {
        ThrowIfNext(ref _failingReads);
        return store.ReadAsync(partition, after, most, cancellationToken);
    }

    public async Task<bool> CommitAsync(PartitionCommit commit, CancellationToken cancellationToken)
    {
        var landed = await store.CommitAsync(commit, cancellationToken);
        ThrowIfNext(ref _lostReplies);
        return landed;
    }

    private static void ThrowIfNext(ref int left)
    {
        if (Volatile.Read(ref left) > 0 && Interlocked.Decrement(ref left) >= 0)
            throw new StoreUnavailableException("scripted");
    }
}
