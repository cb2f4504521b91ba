namespace Flywheel.Client;

internal sealed record History(IReadOnlyList<HistoryEntry> Entries);
