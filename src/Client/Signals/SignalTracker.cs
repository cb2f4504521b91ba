using System.Threading.Channels;

namespace Flywheel.Client;

/// <summary>
/// Delivers signals in the background. One loop owns the sending: it lets signals gather, drains the buffer in batches
/// and stays with a batch until it is settled, so signals leave in the order in which they were tracked.
/// </summary>
internal sealed class SignalTracker : IAsyncDisposable
{
    private readonly EngineConnection _engine;
    private readonly FlywheelClientOptions _options;
    private readonly Backoff _backoff;
    private readonly Action<SignalRejection> _report;
    private readonly Channel<Entry> _buffer;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private volatile TaskCompletionSource _hurry = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _pending;
    private long _accepted;
    private long _dropped;
    private long _refused;
    private long _abandoned;

    public SignalTracker(EngineConnection engine, FlywheelClientOptions options, Action<SignalRejection> report)
    {
        _engine = engine;
        _options = options;
        _backoff = new Backoff(options);
        _report = report;
        _buffer = Channel.CreateBounded<Entry>(options.BufferCapacity);
        _loop = Task.Run(RunAsync);
    }

    public TrackingCounts Counts => new(
        Interlocked.Read(ref _pending),
        Interlocked.Read(ref _accepted),
        Interlocked.Read(ref _dropped),
        Interlocked.Read(ref _refused),
        Interlocked.Read(ref _abandoned));

    public bool Track(Signal signal)
    {
        Interlocked.Increment(ref _pending);
        if (_buffer.Writer.TryWrite(new Entry(signal, null)))
            return true;
        Interlocked.Decrement(ref _pending);
        Lose(signal, RejectionReason.Dropped, ref _dropped, "The buffer is full, or the client disposed.");
        return false;
    }

    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            await _buffer.Writer.WriteAsync(new Entry(null, reached), cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            await _loop.WaitAsync(cancellationToken).ConfigureAwait(false);
            return;
        }
        _hurry.TrySetResult();
        await reached.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        _buffer.Writer.TryComplete();
        _hurry.TrySetResult();
        await _loop.WaitAsync(_options.DisposeTimeout, _options.TimeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_loop.IsCompleted)
            await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (await _buffer.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            await _hurry.Task.WaitAsync(_options.BatchInterval, _options.TimeProvider)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            // Renewed before the drain: whoever hurries does so after writing, so what they wrote is drained now or hurried next.
            _hurry = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await DrainAsync().ConfigureAwait(false);
        }
    }

    private async Task DrainAsync()
    {
        var batch = new List<Signal>();
        while (_buffer.Reader.TryRead(out var entry))
        {
            if (entry.Signal is { } signal)
                batch.Add(signal);
            if (entry.Reached is not null || batch.Count == _options.MaxBatchSize)
                await DeliverAsync(batch).ConfigureAwait(false);
            entry.Reached?.SetResult();
        }
        await DeliverAsync(batch).ConfigureAwait(false);
    }

    private async Task DeliverAsync(List<Signal> batch)
    {
        if (batch.Count == 0)
            return;
        try
        {
            Settle(batch, await PostAsync(SignalLines.Write(batch)).ConfigureAwait(false));
        }
        catch (FlywheelException e) when (!e.IsTransient)
        {
            batch.ForEach(signal => Lose(signal, RejectionReason.Refused, ref _refused, e.Message));
        }
        catch (Exception e)
        {
            // The loop's boundary: whatever befell this batch, the next one is still to be sent.
            var error = _stop.IsCancellationRequested ? "The client was disposed before the engine answered." : e.Message;
            batch.ForEach(signal => Lose(signal, RejectionReason.Abandoned, ref _abandoned, error));
        }
        Interlocked.Add(ref _pending, -batch.Count);
        batch.Clear();
    }

    /// <summary>Sends the same bytes until they are answered for good; the engine counts a repeated signal once.</summary>
    private async Task<SignalsReceipt> PostAsync(ReadOnlyMemory<byte> lines)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await SignalLines.PostAsync(_engine, lines, _stop.Token).ConfigureAwait(false);
            }
            catch (FlywheelException e) when (e.IsTransient && attempt < _options.MaxAttempts)
            {
                await Task.Delay(_backoff.After(attempt, e.RetryAfter), _options.TimeProvider, _stop.Token).ConfigureAwait(false);
            }
        }
    }

    private void Settle(List<Signal> batch, SignalsReceipt receipt)
    {
        Interlocked.Add(ref _accepted, receipt.Accepted);
        foreach (var (index, error) in receipt.Rejected)
            Lose(batch[index], RejectionReason.Refused, ref _refused, error);
    }

    private void Lose(Signal signal, RejectionReason reason, ref long count, string error)
    {
        Interlocked.Increment(ref count);
        try
        {
            _report(new SignalRejection(signal, reason, error));
        }
        catch (Exception)
        {
            // A subscriber's fault is not to stop the delivery, nor to surprise whoever tracks.
        }
    }

    private readonly record struct Entry(Signal? Signal, TaskCompletionSource? Reached);
}
