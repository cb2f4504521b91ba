using System.Diagnostics;
using Confluent.Kafka;
using Flywheel.Decisions;
using Flywheel.Grains.Replicas;
using Flywheel.Signals;
using Flywheel.Silo.Api.Signals;
using Flywheel.Silo.Hosting;
using Flywheel.Silo.Metrics;

namespace Flywheel.Silo.Api.Kafka;

/// <summary>
/// Takes a batch of consecutive messages of one partition: its good signals go into the log, in one append that goes on from where the log has the
/// partition, and what is wrong is sent on and counted. Safe to use for several partitions at once.
/// </summary>
internal sealed class BatchTaker(
    KafkaSettings settings, ISourceLog log, PartitionNudge nudge, CampaignReplica replica, MissedCampaigns missed, CrowdedTenants crowded, TokenKeys keys,
    KafkaMetrics metrics, FlywheelMetrics signals, TimeProvider time)
{
    private static readonly ActivitySource Spans = new("Flywheel.Kafka");

    private static readonly TimeSpan AppendPatience = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Takes a batch. The partition has moved on afterwards, or is closed: then it is read again from where the log has it. Whether rejected signals
    /// were sent on.
    /// </summary>
    /// <exception cref="HoldException">It cannot be taken for what concerns all partitions.</exception>
    /// <exception cref="StoreUnavailableException">The store is away; whether the append has landed is unknown.</exception>
    /// <exception cref="TimeoutException">So it is.</exception>
    public async Task<bool> TakeAsync(SourcePartition source, DeadLetters? letters, List<ConsumeResult<byte[]?, byte[]?>> read, CancellationToken cancellationToken)
    {
        using var span = Spans.StartActivity("kafka process", ActivityKind.Consumer)?.SetTag("messaging.system", "kafka")
            .SetTag("messaging.destination.name", source.Partition.Topic).SetTag("messaging.batch.message_count", read.Count);
        var position = source.Position!;
        if (read[0].Offset.Value < position.Next)
        {
            source.Close();
            return false;
        }
        var intake = new MessageIntake(position, isThere => new SignalIntake(replica, missed, keys, time, settings.Tenants[source.Partition.Topic]) { IsThere = isThere, Crowded = crowded });
        foreach (var message in read)
            intake.Take(new KafkaMessage(message));
        if (!await intake.DecideAsync(cancellationToken))
            throw new HoldException(Hold.Campaigns, "The cluster cannot be asked for campaigns that this silo does not know.");
        if (intake.IsCrowded)
        {
            source.Wait(PartitionHold.Crowded, time.GetTimestamp());
            return false;
        }
        var isSent = letters is not null && intake.Rejected.Count > 0;
        if (isSent)
        {
            await letters!.SendAsync(intake.Rejected, cancellationToken);
            metrics.SentDeadLetters(intake.Rejected.Count);
        }
        if (await AppendAsync(source, new SourceBatch(position, read[^1].Offset.Value + 1, intake.Entries()), cancellationToken))
            Count(intake, read.Count);
        return isSent;
    }

    /// <summary>Whether the batch has landed.</summary>
    private async Task<bool> AppendAsync(SourcePartition source, SourceBatch batch, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        if (!await log.AppendAsync(batch, cancellationToken).WaitAsync(AppendPatience, time, cancellationToken))
        {
            metrics.Refused();
            source.Close();
            return false;
        }
        signals.Appended(time.GetElapsedTime(began));
        nudge.Send(batch.Partitions);
        source.Pass(batch);
        return true;
    }

    private void Count(MessageIntake intake, int messages)
    {
        metrics.Took(messages - intake.Faulty - intake.Again, intake.Faulty, intake.Again);
        foreach (var rejected in intake.Rejected)
            metrics.Rejected(rejected.Error);
        signals.Received("accepted", intake.Accepted);
        signals.Received("rejected", intake.Rejected.Count);
        signals.LeasedRefused(intake.LeasedRefused);
    }
}
