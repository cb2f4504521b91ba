using Confluent.Kafka;
using Flywheel.Signals;

namespace Flywheel.Silo.Api.Kafka;

/// <summary>A partition of a topic that the group has given to this consumer.</summary>
internal sealed class SourcePartition(TopicPartition partition)
{
    private volatile SourcePosition? _position;
    private long? _waitsSince;

    public TopicPartition Partition { get; } = partition;

    /// <summary>How far it was read, as far as this consumer knows; null where it was never opened. May be read from any thread.</summary>
    public SourcePosition? Position => _position;

    /// <summary>The offset of the first message that may not be in the log yet; null where it was never opened. May be read from any thread.</summary>
    public long? Next => _position?.Next;

    /// <summary>Where reading it began when it was last opened; null where it is not open.</summary>
    public SourcePosition? OpenedAt { get; private set; }

    public bool IsOpen => OpenedAt is not null;

    /// <summary>Why it is not read, or was not when it was last tried.</summary>
    public PartitionHold Hold { get; private set; }

    /// <summary>Finds out where to read on; null where nobody is at it.</summary>
    public Task<Opening>? Opening { get; set; }

    /// <summary>The offset behind its last message, as the brokers last said it; null where they never did. Set and read by <see cref="LagWatch"/> alone.</summary>
    public long? End { get; set; }

    /// <summary>Begins to read it. Whether there is room for what was crowded shows with the next batch.</summary>
    public void Open(SourcePosition position) => (_position, OpenedAt, Hold) = (position, position, Hold == PartitionHold.Crowded ? Hold : PartitionHold.None);

    /// <summary>Goes on behind a batch that has landed.</summary>
    public void Pass(SourceBatch batch) => (_position, Hold) = (batch.From.After(batch), PartitionHold.None);

    /// <summary>Reads it no more until it is opened again, which is due at once.</summary>
    public void Close() => (OpenedAt, Opening, _waitsSince) = (null, null, null);

    /// <summary>Reads it no more until it is opened again, which is due after a while.</summary>
    /// <param name="why">What holds it up.</param>
    /// <param name="now">A timestamp.</param>
    public void Wait(PartitionHold why, long now) => (OpenedAt, Hold, _waitsSince) = (null, why, now);

    /// <summary>Whether it is to be opened now.</summary>
    /// <param name="time">Where the timestamps are from.</param>
    /// <param name="patience">How long one that waits is left alone.</param>
    /// <remarks>One that ended too early stays so until it is given anew: it would look whole once its new messages are as many as the old ones were.</remarks>
    public bool IsDue(TimeProvider time, TimeSpan patience) =>
        !IsOpen && Opening is null && Hold != PartitionHold.Ended && (_waitsSince is not { } since || time.GetElapsedTime(since) >= patience);

    /// <summary>Under which the log remembers how far a group has read a partition. Stored: never change it.</summary>
    public static string NameOf(string group, TopicPartition partition) => FormattableString.Invariant($"kafka/{group}/{partition.Topic}/{partition.Partition.Value}");
}
