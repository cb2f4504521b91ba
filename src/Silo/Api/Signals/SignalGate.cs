using System.Threading.RateLimiting;

namespace Flywheel.Silo.Api.Signals;

/// <summary>
/// Bounds the bytes of signals that are read at once, so that a flood of large bodies takes no more memory than that. A body that finds no
/// room waits its turn within a bound; beyond it the caller is told to come back before anything is read.
/// </summary>
internal sealed class SignalGate : IDisposable
{
    private const int BytesAPermit = 4 * 1024;
    private const int MaxBytesRead = 16 * 1024 * 1024;
    private const int MaxBytesWaiting = 16 * 1024 * 1024;

    /// <summary>What a body stands for that does not say its length.</summary>
    private const int UnknownBytes = 1024 * 1024;

    private readonly ConcurrencyLimiter _limiter = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = MaxBytesRead / BytesAPermit,
        QueueLimit = MaxBytesWaiting / BytesAPermit,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>Waits for room for a body. The lease, to be disposed once the body is read, says whether there is.</summary>
    /// <param name="contentLength">Bytes of the body, null where it does not say.</param>
    public ValueTask<RateLimitLease> EnterAsync(long? contentLength, CancellationToken cancellationToken)
    {
        var bytes = Math.Clamp(contentLength ?? UnknownBytes, 1, MaxBytesRead);
        return _limiter.AcquireAsync((int)((bytes + BytesAPermit - 1) / BytesAPermit), cancellationToken);
    }

    public void Dispose() => _limiter.Dispose();
}
