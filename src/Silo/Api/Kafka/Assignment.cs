using Confluent.Kafka;
using Flywheel.Signals;
using Flywheel.Silo.Metrics;

namespace Flywheel.Silo.Api.Kafka;

/// <summary>
/// The partitions that the group has given to this consumer. Each is opened by itself, so that one which cannot be read holds up none of the others. Changed
/// by the consumer's loop alone; <see cref="Partitions"/> may be read from any thread.
/// </summary>
internal sealed class Assignment(SourceOpener opener, KafkaMetrics metrics, TimeProvider time)
{
    /// <summary>How long a partition that could not be read is left alone.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(10);

    /// <summary>Partitions that are opened at a time: each may hold up a thread for as long as the brokers are silent.</summary>
    private const int MostOpening = 8;

    /// <summary>Every opening that may not be over, of partitions that were taken away as well.</summary>
    private readonly List<Task> _openings = [];
    private volatile SourcePartition[] _partitions = [];
    private (SourcePartition Source, SourcePosition? From)[] _fetched = [];

    public IReadOnlyList<SourcePartition> Partitions => _partitions;

    /// <summary>Takes what the group gives in place of what it gave before. Nothing of it is fetched yet.</summary>
    public void Replace(IEnumerable<TopicPartition> assigned)
    {
        (_partitions, _fetched) = ([.. assigned.Select(partition => new SourcePartition(partition))], []);
        Tell();
    }

    /// <summary>The partition, where it is read; null for one that was taken away, or is not open.</summary>
    public SourcePartition? FindOpen(TopicPartition partition) => _partitions.FirstOrDefault(source => source.IsOpen && source.Partition == partition);

    /// <summary>Closes all partitions: each is read again from where the log has it.</summary>
    public void Close()
    {
        foreach (var source in _partitions)
            source.Close();
    }

    /// <summary>
    /// Opens partitions that are due, beside the consumer's loop, and takes on those that were opened since; whether the brokers tell of some, or
    /// there are none.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store is away.</exception>
    public async Task<bool> OpenAsync(IConsumer<byte[]?, byte[]?> consumer, CancellationToken cancellationToken)
    {
        _openings.RemoveAll(opening => opening.IsCompleted);
        // Those that never failed are not to wait for those that did.
        foreach (var source in _partitions.Where(source => source.IsDue(time, RetryAfter)).OrderBy(source => source.Hold == PartitionHold.None ? 0 : 1).Take(MostOpening - _openings.Count).ToList())
            _openings.Add(source.Opening = Task.Run(() => opener.OpenAsync(consumer, source.Partition, cancellationToken), cancellationToken));
        foreach (var source in _partitions)
        {
            if (source.Opening is { IsCompleted: true } opening)
                await TakeOnAsync(source, opening);
        }
        return _partitions.Length == 0 || _partitions.Any(source => source.IsOpen || source.Hold is PartitionHold.Ended or PartitionHold.Crowded);
    }

    /// <summary>Whether partitions are being opened.</summary>
    public bool IsOpening => _openings.Exists(opening => !opening.IsCompleted);

    /// <summary>Waits until nothing asks the client any more.</summary>
    public Task SettleAsync() => Task.WhenAll(_openings);

    /// <summary>Has the client fetch the partitions that are open, each from where it was read, and no others.</summary>
    public void Fetch(IConsumer<byte[]?, byte[]?> consumer)
    {
        (SourcePartition Source, SourcePosition? From)[] open = [.. _partitions.Where(source => source.IsOpen).Select(source => (source, source.OpenedAt))];
        if (open.SequenceEqual(_fetched))
            return;
        consumer.Assign(open.Select(fetch => new TopicPartitionOffset(fetch.Source.Partition, fetch.Source.Next!.Value)));
        _fetched = open;
    }

    /// <summary>Shows how many partitions there are, and why some are not read.</summary>
    public void Tell() => metrics.Assigned([.. _partitions.Where(source => source.Position is not null || source.Hold != PartitionHold.None).Select(source => source.Hold)]);

    private async Task TakeOnAsync(SourcePartition source, Task<Opening> opening)
    {
        source.Opening = null;
        var (position, hold) = await opening;
        if (hold == PartitionHold.None)
            source.Open(position!);
        else
            source.Wait(hold, time.GetTimestamp());
    }
}
