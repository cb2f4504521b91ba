using Flywheel.Signals;

namespace Flywheel.Silo.Tests.Kafka;

/// <summary>Test double: the store, with more waiting in it, or away, as told.</summary>
internal sealed class WaitingStore(ISignalStore store) : ISignalStore
{
    private long _moreBacklog;

    public long MoreBacklog
    {
        get => Interlocked.Read(ref _moreBacklog);
        set => Interlocked.Exchange(ref _moreBacklog, value);
    }

    public string? Trouble { get; set; }

    public int Partitions => store.Partitions;

    public long Backlog => store.Backlog + MoreBacklog;

    public long Generation => store.Generation;

    public Task AppendAsync(AppendBatch batch, CancellationToken cancellationToken) => store.AppendAsync(batch, cancellationToken);

    public Task<PartitionCheckpoint> OpenAsync(int partition, CancellationToken cancellationToken) => store.OpenAsync(partition, cancellationToken);

    public Task<IReadOnlyList<LogEntry>> ReadAsync(int partition, long after, int most, CancellationToken cancellationToken) => store.ReadAsync(partition, after, most, cancellationToken);

    public Task<bool> CommitAsync(PartitionCommit commit, CancellationToken cancellationToken) => store.CommitAsync(commit, cancellationToken);
}
