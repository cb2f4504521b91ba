using Flywheel.Silo.Api.Kafka;
using Prometheus;

namespace Flywheel.Silo.Metrics;

/// <summary>What is read from Kafka, and whether anything is. Labels are fixed, but for the topics, which are those the engine was started with.</summary>
internal sealed class KafkaMetrics
{
    private const string Malformed = "malformed";

    /// <summary>What an error begins with, where it is about a member.</summary>
    private static readonly string[] Members = ["campaign", "channel", "count", "data", "decisionId", "id", "modules", "segment", "size", "source", "specversion", "time", "type", "value"];

    private static readonly PartitionHold[] PartitionHolds = [.. Enum.GetValues<PartitionHold>().Where(hold => hold != PartitionHold.None)];

    private static readonly Hold[] Holds = [.. Enum.GetValues<Hold>().Where(hold => hold != Hold.None)];

    private readonly Counter _messages;
    private readonly Counter _rejected;
    private readonly Counter _refused;
    private readonly Counter _missed;
    private readonly Counter _errors;
    private readonly Counter _deadLetters;
    private readonly Gauge _paused;
    private readonly Gauge _partitions;
    private readonly Gauge _blocked;
    private readonly Gauge _lag;

    public KafkaMetrics(CollectorRegistry registry, IEnumerable<string> topics)
    {
        var factory = Prometheus.Metrics.WithCustomRegistry(registry);
        _messages = factory.CreateCounter("flywheel_kafka_messages_total", "Messages read, by what became of them: taken (all signals good), rejected (one or more not), again (in the log already, and left out).", "outcome");
        _rejected = factory.CreateCounter("flywheel_kafka_rejected_total", "Signals rejected, by the member that is wrong, or malformed. They are in flywheel_signals_total too.", "reason");
        _refused = factory.CreateCounter("flywheel_kafka_refused_appends_total", "Appends refused because another consumer took the partition further meanwhile; it is read again from where the log is.");
        _missed = factory.CreateCounter("flywheel_kafka_missed_messages_total", "Messages that the brokers no longer had when they were due.");
        _errors = factory.CreateCounter("flywheel_kafka_errors_total", "Errors that the client told of; the log has their text.");
        _deadLetters = factory.CreateCounter("flywheel_kafka_dead_letters_total", "Rejected signals that were sent to the topic for them.");
        _paused = factory.CreateGauge("flywheel_kafka_paused", "1 while nothing is read, by why: backlog, store, campaigns, brokers, deadLetters.", "reason");
        _partitions = factory.CreateGauge("flywheel_kafka_partitions", "Partitions of topics that the group has given to this silo, and that it has opened, or tried to.");
        _blocked = factory.CreateGauge("flywheel_kafka_partitions_blocked", "Of those, the ones that are not read, by why: brokers (they do not say what they have), ended (before where the log has it: the topic was made anew, or lost its end), crowded (its tenant has used up its share of a partition's memory).", "reason");
        _lag = factory.CreateGauge("flywheel_kafka_lag_messages", "Messages of this silo's partitions that are not in the log yet.", "topic");
        foreach (var outcome in (string[])["taken", "rejected", "again"])
            _messages.WithLabels(outcome);
        foreach (var reason in (string[])[Malformed, .. Members])
            _rejected.WithLabels(reason);
        foreach (var hold in Holds)
            _paused.WithLabels(NameOf(hold));
        foreach (var hold in PartitionHolds)
            _blocked.WithLabels(NameOf(hold));
        foreach (var topic in topics)
            _lag.WithLabels(topic);
    }

    public void Took(int taken, int rejected, int again)
    {
        _messages.WithLabels("taken").Inc(taken);
        _messages.WithLabels("rejected").Inc(rejected);
        _messages.WithLabels("again").Inc(again);
    }

    /// <param name="error">As <see cref="Api.Signals.SignalIntake"/> says it.</param>
    public void Rejected(string error) => _rejected.WithLabels(ReasonOf(error)).Inc();

    public void Refused() => _refused.Inc();

    public void Missed(long messages) => _missed.Inc(messages);

    public void Failed() => _errors.Inc();

    public void SentDeadLetters(int signals) => _deadLetters.Inc(signals);

    public void Held(Hold now)
    {
        foreach (var hold in Holds)
            _paused.WithLabels(NameOf(hold)).Set(hold == now ? 1 : 0);
    }

    /// <param name="partitions">Why each is not read; none for one that is.</param>
    public void Assigned(IReadOnlyCollection<PartitionHold> partitions)
    {
        _partitions.Set(partitions.Count);
        foreach (var hold in PartitionHolds)
            _blocked.WithLabels(NameOf(hold)).Set(partitions.Count(partition => partition == hold));
    }

    public void Lags(string topic, long messages) => _lag.WithLabels(topic).Set(messages);

    private static string ReasonOf(string error)
    {
        var member = error.Split([':', '.', ','], 2)[0];
        return Members.Contains(member) ? member : Malformed;
    }

    private static string NameOf(Enum hold) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(hold.ToString());
}
