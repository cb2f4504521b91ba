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

    /// <summary>Finds out where to read a partition on. Holds up its thread while the brokers do not answer.</summary>
    /// <exception cref="StoreUnavailableException">The store is away.</exception>
    public async Task<Opening> OpenAsync(IConsumer<byte[]?, byte[]?> consumer, TopicPartition partition, CancellationToken cancellationToken)
    {
        try
        {
            var held = consumer.QueryWatermarkOffsets(partition, Patience);
            var position = await log.ReadAsync(SourcePartition.NameOf(settings.Group, partition), cancellationToken);
            if (position.Next is null)
                (position, _) = await MoveAsync(position, First(consumer, partition, held), cancellationToken);
            if (position.Next < held.Low.Value)
                position = await MissAsync(partition, position, held.Low.Value, cancellationToken);
            // Another consumer may have read on since the brokers were asked.
            if (position.Next > held.High.Value)
                held = consumer.QueryWatermarkOffsets(partition, Patience);
            if (position.Next <= held.High.Value)
                return new Opening(position, PartitionHold.None);
            LogBeyondItsEnd(partition.Topic, partition.Partition.Value, position.Next!.Value, held.High.Value);
            return new Opening(position, PartitionHold.Ended);
        }
        catch (KafkaException e) when (!e.Error.IsFatal)
        {
            metrics.Failed();
            LogNotTold(partition.Topic, partition.Partition.Value, e.Error.Reason);
            return new Opening(null, PartitionHold.Brokers);
        }
    }

    private long First(IConsumer<byte[]?, byte[]?> consumer, TopicPartition partition, WatermarkOffsets held)
    {
        var committed = consumer.Committed([partition], Patience)[0].Offset;
        return (!committed.IsSpecial ? committed : settings.FromEnd ? held.High : held.Low).Value;
    }

    private async Task<SourcePosition> MissAsync(TopicPartition partition, SourcePosition position, long low, CancellationToken cancellationToken)
    {
        var (moved, isOurs) = await MoveAsync(position, low, cancellationToken);
        if (isOurs)
        {
            var missed = low - position.Next!.Value;
            LogMissed(missed, partition.Topic, partition.Partition.Value);
            metrics.Missed(missed);
        }
        return moved;
    }

    /// <summary>Says in the log where reading goes on. Whoever said it first is right.</summary>
    private async Task<(SourcePosition Position, bool IsOurs)> MoveAsync(SourcePosition from, long to, CancellationToken cancellationToken)
    {
        var move = new SourceBatch(from, to, []);
        return await log.AppendAsync(move, cancellationToken) ? (from.After(move), true) : (await log.ReadAsync(from.Source, cancellationToken), false);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Kafka: the brokers do not say what they have of {Topic} [{Partition}], it waits: {Reason}")]
    private partial void LogNotTold(string topic, int partition, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Kafka: {Topic} [{Partition}] is not read: it was read up to {Next}, and now ends at {High}. A topic that was made anew needs another --kafka-group")]
    private partial void LogBeyondItsEnd(string topic, int partition, long next, long high);

    [LoggerMessage(Level = LogLevel.Error, Message = "Kafka: the brokers no longer have {Messages} messages of {Topic} [{Partition}] that were due")]
    private partial void LogMissed(long messages, string topic, int partition);
}
