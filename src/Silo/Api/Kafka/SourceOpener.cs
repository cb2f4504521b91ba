using Confluent.Kafka;
using Flywheel.Signals;
using Flywheel.Silo.Metrics;

namespace Flywheel.Silo.Api.Kafka;

/// <summary>
/// Says where reading a partition begins: where the log has it. A partition that was never read begins where the group has committed, or as
/// the settings say, and that is put into the log before anything of it.
/// </summary>
internal sealed partial class SourceOpener(KafkaSettings settings, ISourceLog log, KafkaMetrics metrics, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Opens a partition; one that cannot be opened waits, and says why.</summary>
    /// <exception cref="StoreUnavailableException">The store is away.</exception>
    public async Task OpenAsync(IConsumer<byte[]?, byte[]?> consumer, SourcePartition source, CancellationToken cancellationToken)
    {
        try
        {
            var position = await log.ReadAsync(SourcePartition.NameOf(settings.Group, source.Partition), cancellationToken);
            var held = consumer.QueryWatermarkOffsets(source.Partition, Patience);
            if (position.Next is null)
                position = await MoveAsync(position, First(consumer, source.Partition, held), cancellationToken);
            else if (position.Next < held.Low.Value)
                position = await MissAsync(source.Partition, position, held.Low.Value, cancellationToken);
            if (position.Next <= held.High.Value)
                source.Open(position);
            else
                Refuse(source, position.Next!.Value, held.High.Value);
        }
        catch (KafkaException e) when (!e.Error.IsFatal)
        {
            metrics.Failed();
            LogNotTold(source.Partition.Topic, source.Partition.Partition.Value, e.Error.Reason);
            source.Wait(PartitionHold.Brokers, time.GetTimestamp());
        }
    }

    private long First(IConsumer<byte[]?, byte[]?> consumer, TopicPartition partition, WatermarkOffsets held)
    {
        var committed = consumer.Committed([partition], Patience)[0].Offset;
        return (!committed.IsSpecial ? committed : settings.FromEnd ? held.High : held.Low).Value;
    }

    private async Task<SourcePosition> MissAsync(TopicPartition partition, SourcePosition position, long low, CancellationToken cancellationToken)
    {
        var missed = low - position.Next!.Value;
        LogMissed(missed, partition.Topic, partition.Partition.Value);
        metrics.Missed(missed);
        return await MoveAsync(position, low, cancellationToken);
    }

    /// <summary>Says in the log where reading goes on. Whoever said it first is right.</summary>
    private async Task<SourcePosition> MoveAsync(SourcePosition from, long to, CancellationToken cancellationToken)
    {
        var move = new SourceBatch(from, to, []);
        return await log.AppendAsync(move, cancellationToken) ? from.After(move) : await log.ReadAsync(from.Source, cancellationToken);
    }

    private void Refuse(SourcePartition source, long next, long high)
    {
        if (source.Hold != PartitionHold.Ended)
            LogBeyondItsEnd(source.Partition.Topic, source.Partition.Partition.Value, next, high);
        source.Wait(PartitionHold.Ended, time.GetTimestamp());
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Kafka: the brokers do not say what they have of {Topic} [{Partition}], it waits: {Reason}")]
    private partial void LogNotTold(string topic, int partition, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Kafka: {Topic} [{Partition}] is not read: it was read up to {Next}, and now ends at {High}. A topic that was made anew needs another --kafka-group")]
    private partial void LogBeyondItsEnd(string topic, int partition, long next, long high);

    [LoggerMessage(Level = LogLevel.Error, Message = "Kafka: the brokers no longer have {Messages} messages of {Topic} [{Partition}] that were due")]
    private partial void LogMissed(long messages, string topic, int partition);
}
