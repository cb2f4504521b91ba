using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using HdrHistogram;

namespace Flywheel.Cli.Load;

/// <summary>
/// Calls something again and again. At a fixed rate each call is timed from when it was due, whatever became of those before it, so that one that had to
/// wait for a slow one counts as slow itself (no coordinated omission). Without a rate each worker calls as soon as its last call has ended, timed from there.
/// </summary>
internal static partial class PacedLoop
{
    /// <summary>A histogram of microseconds, up to a minute, to 3 digits.</summary>
    public static LongHistogram NewHistogram() => new(1, 60_000_000, 3);

    /// <summary>Records the time since; what is longer than a histogram takes is its longest.</summary>
    public static void Record(LongHistogram histogram, long since) =>
        histogram.RecordValue(Math.Clamp((long)Stopwatch.GetElapsedTime(since).TotalMicroseconds, 1, histogram.HighestTrackableValue));

    /// <param name="workers">What each worker calls, one call at a time; false for a call whose time is not to count.</param>
    /// <param name="perSecond">Of all workers together; null for as often as they can.</param>
    /// <param name="time">How long calls become due.</param>
    /// <param name="cancellationToken">Ends it early; what is due then is not called any more.</param>
    /// <returns>Each worker's times from due to done, and how many calls were due and not made.</returns>
    public static async Task<(LongHistogram[] Times, long Missed)> RunAsync(IReadOnlyList<Func<ValueTask<bool>>> workers, int? perSecond, TimeSpan time, CancellationToken cancellationToken)
    {
        var histograms = workers.Select(_ => NewHistogram()).ToArray();
        if (perSecond is not { } rate)
        {
            var started = Stopwatch.GetTimestamp();
            await Task.WhenAll(workers.Select((call, i) => Task.Run(() => RepeatAsync(call, started, time, histograms[i], cancellationToken), CancellationToken.None)));
            return (histograms, 0);
        }
        // Never more than the rate and the time make.
        var due = Channel.CreateUnbounded<long>(new UnboundedChannelOptions { SingleWriter = true });
        var missed = 0L;
        var running = workers.Select((call, i) => WorkAsync(call, due.Reader, histograms[i], () => Interlocked.Increment(ref missed), cancellationToken)).ToList();
        new Thread(() => Tick(due.Writer, rate, time, cancellationToken)) { Priority = ThreadPriority.Highest, IsBackground = true }.Start();
        await Task.WhenAll(running);
        return (histograms, missed);
    }

    private static async Task RepeatAsync(Func<ValueTask<bool>> call, long started, TimeSpan time, LongHistogram histogram, CancellationToken cancellationToken)
    {
        while (Stopwatch.GetElapsedTime(started) < time && !cancellationToken.IsCancellationRequested)
        {
            var at = Stopwatch.GetTimestamp();
            if (await call())
                Record(histogram, at);
        }
    }

    private static async Task WorkAsync(Func<ValueTask<bool>> call, ChannelReader<long> due, LongHistogram histogram, Action miss, CancellationToken cancellationToken)
    {
        await foreach (var at in due.ReadAllAsync(CancellationToken.None))
        {
            if (cancellationToken.IsCancellationRequested)
                miss();
            else if (await call())
                Record(histogram, at);
        }
    }

    /// <summary>On a thread of its own, which sleeps more finely than the timers of the pool: those would add a millisecond to each time.</summary>
    private static void Tick(ChannelWriter<long> due, int perSecond, TimeSpan time, CancellationToken cancellationToken)
    {
        var (started, total) = (Stopwatch.GetTimestamp(), (long)(perSecond * time.TotalSeconds));
        for (var i = 0L; i < total && !cancellationToken.IsCancellationRequested; i++)
        {
            var at = started + (long)(i * (double)Stopwatch.Frequency / perSecond);
            while (at - Stopwatch.GetTimestamp() is > 0 and var ticks)
                Wait(Math.Max(1, ticks * 1_000_000 / Stopwatch.Frequency), cancellationToken);
            due.TryWrite(at);
        }
        due.Complete();
    }

    private static void Wait(long microseconds, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows())
            cancellationToken.WaitHandle.WaitOne(1);
        else
            _ = Sleep((uint)Math.Min(microseconds, 1_000_000));
    }

    [LibraryImport("libc", EntryPoint = "usleep")]
    private static partial int Sleep(uint microseconds);
}
