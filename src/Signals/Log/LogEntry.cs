namespace Flywheel.Signals;

/// <summary>An entry as it stands in the log.</summary>
/// <param name="Offset">Its place in the partition; rises, from 1, not without gaps.</param>
/// <param name="Signals">How many signals it holds, for the ledger should it not be readable.</param>
/// <param name="Body">See <see cref="EntryBuilder"/>.</param>
public sealed record LogEntry(long Offset, int Signals, ReadOnlyMemory<byte> Body);
