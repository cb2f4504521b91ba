using Confluent.Kafka;

namespace Flywheel.Silo.Api.Kafka;

/// <summary>Makes clients. What a rebalance does is up to whoever builds the consumer.</summary>
internal static class KafkaClients
{
    /// <summary>Shorter than a batch waits for its letters: what is sent again is not still on its way.</summary>
    private const int LetterPatienceMs = 20_000;

    /// <summary>What the file may set otherwise. A consumer that died is found out within the time that a silo is.</summary>
    private static readonly Dictionary<string, string> Usual = new()
    {
        ["client.id"] = "flywheel",
        ["session.timeout.ms"] = "10000",
        ["topic.metadata.refresh.interval.ms"] = "10000",
        ["queued.max.messages.kbytes"] = "16384",
    };

    /// <summary>
    /// The classic group protocol with an assignment that is replaced as a whole: <see cref="SignalConsumer"/> says itself where each
    /// partition begins. Offsets that are committed to the group are for people and their tools to look at.
    /// </summary>
    /// <param name="log">Gets what the client has to say.</param>
    public static ConsumerBuilder<byte[]?, byte[]?> Consumer(KafkaSettings settings, Action<LogMessage> log) =>
        new ConsumerBuilder<byte[]?, byte[]?>(new ConsumerConfig(With(Usual, settings.Properties))
        {
            GroupId = settings.Group,
            GroupProtocol = GroupProtocol.Classic,
            PartitionAssignmentStrategy = PartitionAssignmentStrategy.Range,
            EnableAutoCommit = true,
            EnableAutoOffsetStore = false,
            EnablePartitionEof = false,
            AutoOffsetReset = AutoOffsetReset.Error,
        }).SetLogHandler((_, message) => log(message));

    /// <param name="log">Gets what the client has to say.</param>
    public static ProducerBuilder<byte[]?, byte[]?> Producer(KafkaSettings settings, Action<LogMessage> log) =>
        new ProducerBuilder<byte[]?, byte[]?>(new ProducerConfig(With([], settings.Properties)) { Acks = Acks.All, EnableIdempotence = true, MessageTimeoutMs = LetterPatienceMs }).SetLogHandler((_, message) => log(message));

    private static Dictionary<string, string> With(Dictionary<string, string> usual, IReadOnlyDictionary<string, string> named)
    {
        var all = new Dictionary<string, string>(usual);
        foreach (var (key, value) in named)
            all[key] = value;
        return all;
    }
}
