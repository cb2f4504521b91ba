namespace Flywheel.Signals;

/// <summary>Entries that land together.</summary>
/// <param name="Producer">Identifies the appending process run.</param>
/// <param name="Sequence">Rises by one with each batch of the producer, from 1.</param>
/// <param name="Entries">What to append.</param>
public sealed record AppendBatch(ulong Producer, long Sequence, IReadOnlyList<PartitionEntry> Entries);
