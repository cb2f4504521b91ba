namespace Flywheel.Signals;

/// <summary>Consecutive messages of a source, as entries for the log.</summary>
/// <param name="From">How far the source was read before; the messages begin at its <see cref="SourcePosition.Next"/>.</param>
/// <param name="To">The offset behind the last message.</param>
/// <param name="Entries">All signals of the messages, but those of partitions that have them.</param>
public sealed record SourceBatch(SourcePosition From, long To, IReadOnlyList<PartitionEntry> Entries)
{
    /// <summary>The partitions whose offset moves: those that get something, and last of all the source's own.</summary>
    public IReadOnlyList<int> Partitions { get; } = [.. Entries.Select(entry => entry.Partition).Distinct().Where(partition => partition != From.Home), From.Home];
}
