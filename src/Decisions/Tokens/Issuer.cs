using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Flywheel.Decisions;

/// <summary>
/// Who makes decisions, a process run or a lease: its id in tokens and in the log, and its decision counters, dense for each partition.
/// Random numbers for requests without a unit come from the same counters under a secret seed.
/// </summary>
public sealed class Issuer
{
    private const int CacheLine = 8;

    private readonly long[] _counters;
    private readonly ulong _seed;

    /// <summary>An issuer with a random id.</summary>
    public Issuer(int partitions)
        : this(partitions, Random())
    {
    }

    public Issuer(int partitions, ulong id)
    {
        _counters = new long[(partitions + 1) * CacheLine];
        _seed = Random();
        Id = id;
    }

    public ulong Id { get; }

    /// <summary>The next counter of a partition, from 0.</summary>
    public ulong Next(int partition) => (ulong)(Interlocked.Increment(ref _counters[(partition + 1) * CacheLine]) - 1);

    /// <summary>64 bits that nobody outside can foretell, for a decision that has this counter.</summary>
    public ulong RandomFor(int partition, ulong counter) => Mixing.Spread(_seed ^ Mixing.Spread(counter ^ ((ulong)partition << 56)));

    private static ulong Random() => BinaryPrimitives.ReadUInt64BigEndian(RandomNumberGenerator.GetBytes(8));
}
