using System.Globalization;
using System.Text;
using Confluent.Kafka;

namespace Flywheel.Silo.Api.Kafka;

/// <summary>Sends rejected signals to a topic, each with its message's key and headers, and headers that say what is wrong and where it was.</summary>
internal sealed class DeadLetters(KafkaSettings settings, Action<LogMessage> log) : IDisposable
{
    private const int AtATime = 1_000;

    /// <summary>Bytes that are left of a value that is too large: as many as a signal may have.</summary>
    private const int CutTo = Signals.RawSignal.MaxBytes;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly IProducer<byte[]?, byte[]?> _producer = KafkaClients.Producer(settings, log).Build();

    /// <summary>Returns once the brokers have all of them. One that is sent again, since its message was, is there twice.</summary>
    /// <exception cref="HoldException">They do not have all of them, or did not say so in time.</exception>
    public async Task SendAsync(IEnumerable<RejectedSignal> rejected, CancellationToken cancellationToken)
    {
        try
        {
            // The client takes no more than some at a time.
            foreach (var some in rejected.Chunk(AtATime))
                await Task.WhenAll(some.Select(signal => SendAsync(signal, cancellationToken))).WaitAsync(Patience, cancellationToken);
        }
        catch (Exception e) when (e is TimeoutException or KafkaException { Error.IsFatal: false })
        {
            throw new HoldException(Hold.DeadLetters, e.Message);
        }
    }

    /// <summary>One that is too large for a message, with what is said of it, is cut, and says so.</summary>
    private async Task SendAsync(RejectedSignal rejected, CancellationToken cancellationToken)
    {
        var letter = LetterOf(rejected);
        try
        {
            await _producer.ProduceAsync(settings.DeadLetters, letter, cancellationToken);
        }
        catch (KafkaException e) when (e.Error.Code == Confluent.Kafka.ErrorCode.MsgSizeTooLarge)
        {
            letter.Headers.Add("flywheel-size", Encoding.UTF8.GetBytes(letter.Value!.Length.ToString(CultureInfo.InvariantCulture)));
            letter.Value = letter.Value[..Math.Min(letter.Value.Length, CutTo)];
            await _producer.ProduceAsync(settings.DeadLetters, letter, cancellationToken);
        }
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
