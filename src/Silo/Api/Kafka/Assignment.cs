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

    /// <summary>For how long partitions are opened before the group is served again: one that does not hear of its consumer gives its partitions to others.</summary>
    private static readonly TimeSpan OpenFor = TimeSpan.FromSeconds(1);

    private volatile SourcePartition[] _partitions = [];
    private (SourcePartition Source, SourcePosition? From)[] _fetched = [];

    public IReadOnlyList<SourcePartition> Partitions => _partitions;

    /// <summary>Takes on what the group gives, or takes away. Nothing of it is fetched yet.</summary>
    public void Turn(IEnumerable<TopicPartition> assigned)
    {
        (_partitions, _fetched) = ([.. assigned.Select(partition => new SourcePartition(partition))], []);
        Tell();
    }

    /// <summary>The partition, where it is read; null for one that was taken away, or is not open.</summary>
    public SourcePartition? Open(TopicPartition partition) => _partitions.FirstOrDefault(source => source.IsOpen && source.Partition == partition);

    /// <summary>Closes all partitions: each is read again from where the log has it.</summary>
    public void Close()
    {
        foreach (var source in _partitions)
            source.Close();
    }

    /// <summary>Whether there are partitions to open now.</summary>
    public bool HasDue => _partitions.Any(IsDue);

    /// <summary>Opens partitions that are due, for a while; whether the brokers tell of some, or there are none.</summary>
    /// <exception cref="StoreUnavailableException">The store is away.</exception>
    public async Task<bool> OpenAsync(IConsumer<byte[]?, byte[]?> consumer, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        foreach (var source in _partitions.Where(IsDue))
        {
            await opener.OpenAsync(consumer, source, cancellationToken);
            if (time.GetElapsedTime(began) > OpenFor)
                break;
        }
        return _partitions.Length == 0 || _partitions.Any(source => source.IsOpen || source.Hold is PartitionHold.Ended or PartitionHold.Crowded);
    }

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

    private bool IsDue(SourcePartition source) => source.IsDue(time, RetryAfter);
}
