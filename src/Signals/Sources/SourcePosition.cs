using Flywheel.Decisions;

namespace Flywheel.Signals;

/// <summary>
/// How far a source was read, as an offset in each partition of the log: a partition has all signals that messages before its offset hold for it.
/// A partition's offset moves only when it gets something, so most lag. That of the source's own partition moves with every batch, last: all
/// partitions have what comes before it.
/// </summary>
public sealed class SourcePosition
{
    /// <summary>The offset of a partition that got nothing of the source yet.</summary>
    public const long None = -1;

    private readonly long[] _offsets;

    /// <param name="source">Names the source, and for good.</param>
    /// <param name="offsets">Of each partition of the log.</param>
    public SourcePosition(string source, IEnumerable<long> offsets)
    {
        (Source, _offsets) = (source, [.. offsets]);
        Key = Mixing.Spread(Mixing.Of(source));
        Home = (int)(Key % (ulong)_offsets.Length);
    }

    public string Source { get; }

    /// <summary>Stands for the source where a number is needed.</summary>
    public ulong Key { get; }

    /// <summary>The source's own partition.</summary>
    public int Home { get; }

    /// <summary>The offset of the first message that may not be in the log yet; null where the source was never read.</summary>
    public long? Next => _offsets[Home] == None ? null : _offsets[Home];

    public long this[int partition] => _offsets[partition];

    /// <summary>Whether a partition has what the message at an offset holds for it.</summary>
    public bool Has(int partition, long offset) => offset < _offsets[partition];

    /// <summary>How far the source was read once a batch from here has landed.</summary>
    public SourcePosition After(SourceBatch batch)
    {
        var offsets = (long[])_offsets.Clone();
        foreach (var partition in batch.Partitions)
            offsets[partition] = batch.To;
        return new SourcePosition(Source, offsets);
    }
}
