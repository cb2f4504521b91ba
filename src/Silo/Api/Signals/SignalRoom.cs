using System.Threading.RateLimiting;

namespace Flywheel.Silo.Api.Signals;

/// <summary>The room that one body has in the <see cref="SignalGate"/>. Disposing it gives all of it back.</summary>
/// <param name="limiter">Of the gate.</param>
/// <param name="lease">What the body has at first.</param>
/// <param name="bytes">What that is in bytes.</param>
internal sealed class SignalRoom(RateLimiter limiter, RateLimitLease lease, long bytes) : IDisposable
{
    private readonly List<RateLimitLease> _leases = [lease];
    private long _bytes = bytes;

    /// <summary>Whether the body may be read at all.</summary>
    public bool IsAcquired => lease.IsAcquired;

    /// <summary>
    /// Takes more room where what has come in of the body needs it: that of a length it did not say. It does not wait for it, since bodies that
    /// hold room and wait for more could wait for each other; false where there is none.
    /// </summary>
    /// <param name="read">Bytes of the body that have come in so far.</param>
    public bool Covers(long read)
    {
        if (read <= _bytes)
            return true;
        var permits = SignalGate.PermitsOf(read - _bytes);
        var more = limiter.AttemptAcquire(permits);
        _leases.Add(more);
        _bytes += (long)permits * SignalGate.BytesAPermit;
        return more.IsAcquired;
    }

    public void Dispose() => _leases.ForEach(each => each.Dispose());
}
