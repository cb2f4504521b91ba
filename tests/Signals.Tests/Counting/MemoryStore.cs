namespace Flywheel.Signals.Tests.Counting;

/// <summary>Test double of a store: one partition in memory, with the promises of <see cref="ISignalStore"/>.</summary>
internal sealed class MemoryStore : ISignalStore
{
    private readonly List<LogEntry> _log = [];
    private readonly Dictionary<ulong, long> _producers = [];
    private readonly Dictionary<SegmentId, byte[]> _segments = [];
    private readonly Dictionary<PageKey, (long Expires, byte[] Bits)> _pages = [];
    private readonly Dictionary<UInt128, RememberedId> _ids = [];
    private byte[] _summary = [];
    private long _epoch;
    private long _offset;
    private long _last;

    /// <summary>What is stored under the name of each segment.</summary>
    public IReadOnlyDictionary<SegmentId, byte[]> Segments => _segments;

    int ISignalStore.Partitions => 1;

    long ISignalStore.Backlog => _log.Sum(entry => (long)entry.Signals);

    public void Append(AppendBatch batch)
    {
        if (_producers.GetValueOrDefault(batch.Producer) >= batch.Sequence)
            return;
        _producers[batch.Producer] = batch.Sequence;
        foreach (var entry in batch.Entries)
            _log.Add(new LogEntry(++_last, entry.Signals, entry.Body));
    }

    public PartitionCheckpoint Open() => new(
        0, ++_epoch, _offset, _summary, [.. _segments],
        [.. _pages.Select(page => KeyValuePair.Create(page.Key, new DedupePage(page.Value.Bits, page.Value.Expires)))], [.. _ids.Values]);

    public IEnumerable<LogEntry> Read(long after) => _log.Where(entry => entry.Offset > after).ToList();

    public bool Commit(PartitionCommit commit)
    {
        if (commit.Epoch != _epoch || commit.FromOffset != _offset)
            return false;
        (_offset, _summary) = (commit.ToOffset, commit.Summary);
        foreach (var (id, state) in commit.Segments)
            _segments[id] = state;
        foreach (var id in commit.RemovedSegments)
            _segments.Remove(id);
        foreach (var page in commit.Dedupe.Pages)
            _pages[page.Key] = (page.ExpiresAtMs, page.Bits);
        foreach (var page in commit.Dedupe.RemovedPages)
            _pages.Remove(page);
        foreach (var id in _ids.Values.Where(id => id.ExpiresAtMs < commit.Dedupe.IdsExpiredUpToMs).ToList())
            _ids.Remove(id.Id);
        foreach (var id in commit.Dedupe.AddedIds)
            _ids[id.Id] = id;
        _log.RemoveAll(entry => entry.Offset <= commit.ToOffset);
        return true;
    }

    Task ISignalStore.AppendAsync(AppendBatch batch, CancellationToken cancellationToken)
    {
        Append(batch);
        return Task.CompletedTask;
    }

    Task<PartitionCheckpoint> ISignalStore.OpenAsync(int partition, CancellationToken cancellationToken) => Task.FromResult(Open());

    Task<IReadOnlyList<LogEntry>> ISignalStore.ReadAsync(int partition, long after, int most, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<LogEntry>>([.. Read(after).Take(most)]);

    Task<bool> ISignalStore.CommitAsync(PartitionCommit commit, CancellationToken cancellationToken) => Task.FromResult(Commit(commit));
}
