using Confluent.Kafka;
using Flywheel.Silo.Metrics;

namespace Flywheel.Silo.Api.Kafka;

/// <summary>Asks the brokers, beside the consumer's loop, how many messages of this silo's partitions are not in the log yet.</summary>
internal sealed class LagWatch(KafkaSettings settings, Assignment assignment, KafkaMetrics metrics, TimeProvider time)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Looks until it is cancelled, and returns then.</summary>
    public async Task RunAsync(IConsumer<byte[]?, byte[]?> consumer, CancellationToken cancellationToken)
    {
        // Asking holds up its thread.
        await Task.Yield();
        using var timer = new PeriodicTimer(LookEvery, time);
        try
        {
            do
            {
                foreach (var topic in settings.Tenants.Keys)
                    metrics.Lags(topic, assignment.Partitions.Where(source => source.Partition.Topic == topic).Sum(source => Lag(consumer, source, cancellationToken)));
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException)
        {
        }
    }

    private static long Lag(IConsumer<byte[]?, byte[]?> consumer, SourcePartition source, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (source.Next is not { } next)
            return 0;
        try
        {
            source.End = consumer.QueryWatermarkOffsets(source.Partition, Patience).High.Value;
        }
        catch (KafkaException)
        {
            // What was last said stands.
        }
        return Math.Max(0, (source.End ?? next) - next);
    }
}
