using System.Text;
using Flywheel.Signals;
using Flywheel.Silo.Api.CloudEvents;
using Flywheel.Silo.Api.Signals;

namespace Flywheel.Silo.Api.Kafka;

/// <summary>
/// Takes consecutive messages of a source: every good signal goes into an entry for its partition of the log, but where that partition has it.
/// Nothing is appended here. Not thread-safe; one for each batch.
/// </summary>
internal sealed class MessageIntake
{
    private readonly SourcePosition _position;
    private readonly SignalIntake _intake;
    private readonly List<(KafkaMessage Message, int Index, ReadOnlyMemory<byte> Json)> _undecided = [];
    private readonly HashSet<KafkaMessage> _faulty = [];
    private KafkaMessage? _current;

    /// <param name="position">How far the source was read.</param>
    /// <param name="intake">Makes what takes the signals, from what says whether a partition has those of the message that is being taken.</param>
    public MessageIntake(SourcePosition position, Func<Func<int, bool>, SignalIntake> intake) =>
        (_position, _intake) = (position, intake(partition => _position!.Has(partition, _current!.Offset)));

    public List<RejectedSignal> Rejected { get; } = [];

    /// <summary>Messages with a signal that was rejected.</summary>
    public int Faulty => _faulty.Count;

    public int Accepted => _intake.Accepted;

    /// <summary>See <see cref="SignalIntake.IsCrowded"/>.</summary>
    public bool IsCrowded => _intake.IsCrowded;

    /// <summary>Messages that the log had already, with all their signals.</summary>
    public int Again { get; private set; }

    public int LeasedRefused => _intake.LeasedRefused;

    public void Take(KafkaMessage message)
    {
        if (MessageBody.Cut(message, out var error) is not { } signals)
        {
            Reject(message, null, message.Value, error!);
            return;
        }
        var skipped = _intake.Skipped;
        for (var index = 0; index < signals.Count; index++)
            Take(message, index, signals[index]);
        if (signals.Count > 0 && _intake.Skipped - skipped == signals.Count)
            Again++;
    }

    /// <summary>Asks for campaigns that this silo may have missed, and takes what was undecided; false where they could not be asked for.</summary>
    public async Task<bool> DecideAsync(CancellationToken cancellationToken)
    {
        if (!await _intake.LookAsync(cancellationToken))
            return false;
        var undecided = _undecided.ToArray();
        foreach (var (message, index, json) in undecided)
            Take(message, index, json);
        return true;
    }

    public IReadOnlyList<PartitionEntry> Entries() => _intake.Entries();

    /// <summary>Reads a signal of a message; null where it could be read, else what is wrong.</summary>
    public static string? Read(KafkaMessage message, ReadOnlySpan<byte> json, out RawSignal signal) => message.Form switch
    {
        CloudEventForm.Structured or CloudEventForm.Batch => CloudEvent.Read(json, out signal),
        CloudEventForm.Binary => CloudEvent.Read(message.Attributes, isEncoded: false, json, out signal),
        _ => RawSignal.Read(json, out signal),
    };

    private void Take(KafkaMessage message, int index, ReadOnlyMemory<byte> json)
    {
        _current = message;
        if (Read(message, json.Span, out var signal) is { } unreadable)
        {
            Reject(message, index, json, unreadable);
            return;
        }
        // What another system served needs an id; here, the place of the message is one.
        if (signal.DecisionId.IsEmpty && signal.Id.IsEmpty)
            signal.Id = Encoding.UTF8.GetBytes($"{_position.Key:x16}/{message.Offset}/{index}");
        if (_intake.Take(signal) is not { } error)
            return;
        if (_intake.IsUndecided)
            _undecided.Add((message, index, json));
        else
            Reject(message, index, json, error);
    }

    private void Reject(KafkaMessage message, int? index, ReadOnlyMemory<byte> value, string error)
    {
        _faulty.Add(message);
        Rejected.Add(new RejectedSignal(message, index, value, error));
    }
}
