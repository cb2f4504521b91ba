using Confluent.Kafka;
using Flywheel.Signals;
using Flywheel.Silo.Metrics;

namespace Flywheel.Silo.Api.Kafka;

/// <summary>
/// Says where reading a partition begins: where the log has it. A partition that was never read begins where the group has committed, or as
/// the settings say, and that is put into the log before anything of it.
/// </summary>
internal sealed partial class SourceOpener(KafkaSettings settings, ISourceLog log, KafkaMetrics metrics, ILogger logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Opens a partition; null where the log is beyond its end, so that nothing of it may be read.</summary>
    /// <exception cref="KafkaException">The brokers do not say what they have.</exception>
    /// <exception cref="StoreUnavailableException">The store is away.</exception>
    public async Task<OpenSource?> OpenAsync(IConsumer<byte[]?, byte[]?> consumer, TopicPartition partition, CancellationToken cancellationToken)
    {
        var position = await log.ReadAsync(OpenSource.NameOf(settings.Group, partition), cancellationToken);
        var held = consumer.QueryWatermarkOffsets(partition, Patience);
        if (position.Next is null)
            position = await BeginAsync(consumer, partition, held, position, cancellationToken);
        var next = position.Next!.Value;
        if (next > held.High.Value)
        {
            LogBeyondItsEnd(partition.Topic, partition.Partition.Value, next, held.High.Value);
            return null;
        }
        if (next < held.Low.Value)
        {
            LogMissed(held.Low.Value - next, partition.Topic, partition.Partition.Value);
            metrics.Missed(held.Low.Value - next);
        }
        return new OpenSource(partition, position);
    }

    private async Task<SourcePosition> BeginAsync(
        IConsumer<byte[]?, byte[]?> consumer, TopicPartition partition, WatermarkOffsets held, SourcePosition never, CancellationToken cancellationToken)
    {
        var committed = consumer.Committed([partition], Patience)[0].Offset;
        var first = !committed.IsSpecial ? committed : settings.FromEnd ? held.High : held.Low;
        var begin = new SourceBatch(never, first.Value, []);
        // Whoever was first has said where it begins.
        return await log.AppendAsync(begin, cancellationToken) ? never.After(begin) : await log.ReadAsync(never.Source, cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Kafka: {Topic} [{Partition}] is not read: it was read up to {Next}, and now ends at {High}. A topic that was made anew needs another --kafka-group")]
    private partial void LogBeyondItsEnd(string topic, int partition, long next, long high);

    [LoggerMessage(Level = LogLevel.Error, Message = "Kafka: the brokers no longer have {Messages} messages of {Topic} [{Partition}] that were due")]
    private partial void LogMissed(long messages, string topic, int partition);
}
