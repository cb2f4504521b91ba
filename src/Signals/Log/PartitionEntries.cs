namespace Flywheel.Signals;

/// <summary>The entries that one append is made of, as they are built: by partition, and a new one where one is full. Not thread-safe.</summary>
public sealed class PartitionEntries
{
    private readonly Dictionary<int, EntryBuilder> _open = [];
    private readonly List<(int Partition, EntryBuilder Builder)> _all = [];

    /// <summary>The entry that the next record of a partition goes into.</summary>
    public EntryBuilder Of(int partition)
    {
        if (_open.TryGetValue(partition, out var builder) && !builder.IsFull)
            return builder;
        _all.Add((partition, builder = new EntryBuilder()));
        return _open[partition] = builder;
    }

    /// <param name="acceptedAtMs">When the records were accepted, Unix time in milliseconds.</param>
    public IReadOnlyList<PartitionEntry> Build(long acceptedAtMs) =>
        [.. _all.Select(entry => new PartitionEntry(entry.Partition, entry.Builder.Signals, entry.Builder.Build(acceptedAtMs)))];
}
