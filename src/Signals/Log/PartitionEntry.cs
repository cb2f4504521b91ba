namespace Flywheel.Signals;

/// <summary>An entry to append.</summary>
/// <param name="Partition">The partition it belongs to.</param>
/// <param name="Signals">How many signals it holds.</param>
/// <param name="Body">See <see cref="EntryBuilder"/>.</param>
public readonly record struct PartitionEntry(int Partition, int Signals, byte[] Body);
