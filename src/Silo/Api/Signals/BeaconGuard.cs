using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;
using Flywheel.Decisions;
using Flywheel.Silo.Hosting;

namespace Flywheel.Silo.Api.Signals;

/// <summary>
/// Bounds what one source can do by beacons: what it sends beyond so many a minute goes to quarantine and earns nothing. A source is an IPv4
/// address or the /64 of an IPv6 one; nothing of it is kept but a count under a salted hash, for a minute, in a table of fixed size. Two
/// sources share a count only where both of their places in the table collide. Safe to call from any thread.
/// </summary>
internal sealed class BeaconGuard(FlywheelOptions options, TimeProvider time)
{
    private const int Places = 1 << 16;
    private const int NetworkBytes = 8;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly ulong _salt = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8));
    private readonly int[] _counts = new int[Places];
    private long _windowBegan = time.GetTimestamp();

    /// <summary>Counts a beacon of this source, and says whether it is more than is believed.</summary>
    /// <param name="source">Null and loopback are this machine, or a proxy that does not say for whom it speaks: they have no bound.</param>
    public bool IsExcess(IPAddress? source)
    {
        if (source is null || IPAddress.IsLoopback(source) || options.BeaconCap == 0)
            return false;
        Turn();
        var key = KeyOf(source);
        var one = (int)(key % Places);
        var other = (int)((key >> 32) % (Places - 1) + (ulong)one + 1) % Places;
        // Both are raised, and the less of them believed: a place that another source shares counts too much.
        return Math.Min(Interlocked.Increment(ref _counts[one]), Interlocked.Increment(ref _counts[other])) > options.BeaconCap;
    }

    private void Turn()
    {
        var began = Interlocked.Read(ref _windowBegan);
        if (time.GetElapsedTime(began) >= Window && Interlocked.CompareExchange(ref _windowBegan, time.GetTimestamp(), began) == began)
            Array.Clear(_counts);
    }

    private ulong KeyOf(IPAddress source)
    {
        Span<byte> bytes = stackalloc byte[16];
        var address = source.IsIPv4MappedToIPv6 ? source.MapToIPv4() : source;
        address.TryWriteBytes(bytes, out var written);
        return Mixing.Spread(_salt ^ Mixing.Of(bytes[..Math.Min(written, NetworkBytes)], _salt));
    }
}
