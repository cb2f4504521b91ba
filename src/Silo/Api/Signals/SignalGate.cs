using System.Threading.RateLimiting;

namespace Flywheel.Silo.Api.Signals;

/// <summary>
/// Bounds the bytes of signals that are read at once, so that a flood of large bodies takes no more memory than that. A body that finds no
/// room waits its turn within a bound; beyond it the caller is told to come back before anything is read.
/// </summary>
internal sealed class SignalGate : IDisposable
{
    /// <summary>A body of a length that it does not say takes room in pieces of this.</summary>
    public const int BytesAPermit = 4 * 1024;

    private const int MaxBytesRead = 16 * 1024 * 1024;
    private const int MaxBytesWaiting = 16 * 1024 * 1024;

    private readonly ConcurrencyLimiter _limiter = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = MaxBytesRead / BytesAPermit,
        QueueLimit = MaxBytesWaiting / BytesAPermit,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>Waits for room for a body. The room, to be disposed once the body is read, says whether there is.</summary>
    /// <param name="contentLength">Bytes of the body; null where it does not say, and then it takes more as it comes in.</param>
    public async ValueTask<SignalRoom> EnterAsync(long? contentLength, CancellationToken cancellationToken)
    {
        var permits = PermitsOf(Math.Clamp(contentLength ?? 1, 1, MaxBytesRead));
        return new SignalRoom(_limiter, await _limiter.AcquireAsync(permits, cancellationToken), (long)permits * BytesAPermit);
    }

    public void Dispose() => _limiter.Dispose();

    internal static int PermitsOf(long bytes) => (int)((bytes + BytesAPermit - 1) / BytesAPermit);
}
