using System.Globalization;
using StackExchange.Redis;

namespace Flywheel.Signals.Redis;

/// <summary>The keys of one partition, under one hash tag: one node holds them all, and one script may change them together.</summary>
internal sealed class RedisKeys
{
    private readonly string _partition;

    public RedisKeys(string prefix, int partition)
    {
        _partition = string.Create(CultureInfo.InvariantCulture, $"{prefix}{{{partition}}}:");
        (Head, Log, Segments) = (_partition + "head", _partition + "log", _partition + "segments");
        Store = _partition + "store";
        (Pages, Ids, Quarantine) = (_partition + "pages", _partition + "ids", _partition + "quarantine");
        Sources = _partition + "sources";
    }

    /// <summary>Hash: epoch, offset and summary of the last commit; last offset given out; signals waiting; ids yet to be let go of.</summary>
    public RedisKey Head { get; }

    /// <summary>String: the store's id, so that no write takes an emptied partition for its own.</summary>
    public RedisKey Store { get; }

    /// <summary>Stream: an entry's offset is the first half of its id; the second is 0.</summary>
    public RedisKey Log { get; }

    /// <summary>Hash: <see cref="RedisCodec.WriteSegmentName"/> to stored form.</summary>
    public RedisKey Segments { get; }

    /// <summary>Hash: <see cref="RedisCodec.WritePageName"/> to <see cref="RedisCodec.WritePage"/>.</summary>
    public RedisKey Pages { get; }

    /// <summary>Sorted set of <see cref="RedisCodec.WriteId"/> by the time it expires.</summary>
    public RedisKey Ids { get; }

    /// <summary>List of <see cref="RedisCodec.WriteRecord"/>, newest first.</summary>
    public RedisKey Quarantine { get; }

    /// <summary>Hash: a source's name to the offset behind the last message that is here.</summary>
    public RedisKey Sources { get; }

    /// <summary>String: the last sequence of a producer here; expires.</summary>
    public RedisKey Producer(ulong producer) => string.Create(CultureInfo.InvariantCulture, $"{_partition}producer:{producer:x16}");
}
