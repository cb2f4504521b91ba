using Confluent.Kafka;
using Flywheel.Signals;

namespace Flywheel.Silo.Api.Kafka;

/// <summary>A partition of a topic that is being read.</summary>
/// <param name="partition">Which.</param>
/// <param name="position">How far it was read.</param>
internal sealed class OpenSource(TopicPartition partition, SourcePosition position)
{
    public TopicPartition Partition { get; } = partition;

    /// <summary>How far it was read; whatever comes next goes on from there.</summary>
    public SourcePosition Position { get; set; } = position;

    public long Next => Position.Next!.Value;

    /// <summary>Under which the log remembers how far a group has read a partition. Stored: never change it.</summary>
    public static string NameOf(string group, TopicPartition partition) => FormattableString.Invariant($"kafka/{group}/{partition.Topic}/{partition.Partition.Value}");
}
