using System.Globalization;
using System.Text;
using Confluent.Kafka;

namespace Flywheel.Silo.Api.Kafka;

/// <summary>Sends rejected signals to a topic, each with its message's key and headers, and headers that say what is wrong and where it was.</summary>
internal sealed class DeadLetters(KafkaSettings settings, Action<LogMessage> log) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly IProducer<byte[]?, byte[]?> _producer = KafkaClients.Producer(settings, log).Build();

    /// <summary>Whether the last of them could not be sent.</summary>
    public bool IsAway { get; private set; }

    /// <summary>Returns once the brokers have all of them. One that is sent again, since its message was, is there twice.</summary>
    /// <exception cref="HoldException">They do not have all of them, or did not say so in time.</exception>
    public async Task SendAsync(IEnumerable<RejectedSignal> rejected, CancellationToken cancellationToken)
    {
        IsAway = true;
        try
        {
            await Task.WhenAll(rejected.Select(signal => _producer.ProduceAsync(settings.DeadLetters, LetterOf(signal), cancellationToken))).WaitAsync(Patience, cancellationToken);
        }
        catch (Exception e) when (e is TimeoutException or KafkaException { Error.IsFatal: false })
        {
            throw new HoldException(Hold.DeadLetters, e.Message);
        }
        IsAway = false;
    }

    public void Dispose() => _producer.Dispose();

    private static Message<byte[]?, byte[]?> LetterOf(RejectedSignal rejected)
    {
        var read = rejected.Message.Read;
        var headers = new Headers();
        foreach (var header in read.Message.Headers ?? [])
            headers.Add(header.Key, header.GetValueBytes());
        void Add(string name, string value) => headers.Add($"flywheel-{name}", Encoding.UTF8.GetBytes(value));
        Add("error", rejected.Error);
        Add("topic", read.Topic);
        Add("partition", read.Partition.Value.ToString(CultureInfo.InvariantCulture));
        Add("offset", read.Offset.Value.ToString(CultureInfo.InvariantCulture));
        if (rejected.Index is { } index)
            Add("index", index.ToString(CultureInfo.InvariantCulture));
        return new Message<byte[]?, byte[]?> { Key = read.Message.Key, Value = rejected.Value.ToArray(), Headers = headers };
    }
}
