using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using HdrHistogram;

namespace Flywheel.Benchmarks.Load;

/// <summary>
/// Asks for decisions at a fixed rate, whatever the engine does. Each is timed from when it was due, so that one that had to wait
/// for a slow one before it counts as slow itself (no coordinated omission).
/// </summary>
internal sealed partial class OpenLoop : IDisposable
{
    private const int Connections = 64;
    private const string Body = """{"campaign":"bench","segment":"s2","context":{"age":24},"unit":"user-1"}""";

    private readonly DecisionConnection[] _connections;

    private OpenLoop(DecisionConnection[] connections) => _connections = connections;

    public static async Task<OpenLoop> OpenAsync(Uri engine) =>
        new(await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => DecisionConnection.OpenAsync(engine, Body))));

    /// <summary>A histogram of microseconds, up to a minute, to 3 digits.</summary>
    public static LongHistogram NewHistogram() => new(1, 60_000_000, 3);

    /// <returns>The times from due to answered.</returns>
    public async Task<LongHistogram> RunAsync(int perSecond, TimeSpan time)
    {
        var due = Channel.CreateUnbounded<long>(new UnboundedChannelOptions { SingleWriter = true });
        var histograms = _connections.Select(_ => NewHistogram()).ToArray();
        var workers = _connections.Select((connection, i) => WorkAsync(connection, due.Reader, histograms[i])).ToList();
        var clock = new Thread(() => Tick(due.Writer, perSecond, time)) { Priority = ThreadPriority.Highest };
        clock.Start();
        await Task.WhenAll(workers);
        var all = NewHistogram();
        foreach (var histogram in histograms)
            all.Add(histogram);
        return all;
    }

    public void Dispose()
    {
        foreach (var connection in _connections)
            connection.Dispose();
    }

    private static async Task WorkAsync(DecisionConnection connection, ChannelReader<long> due, LongHistogram histogram)
    {
        await foreach (var at in due.ReadAllAsync())
        {
            await connection.DecideAsync();
            histogram.RecordValue(Math.Max(1, (long)Stopwatch.GetElapsedTime(at).TotalMicroseconds));
        }
    }

    /// <summary>On a thread of its own, which sleeps more finely than the timers of the pool: those would add a millisecond to each time.</summary>
    private static void Tick(ChannelWriter<long> due, int perSecond, TimeSpan time)
    {
        var (started, total) = (Stopwatch.GetTimestamp(), (long)(perSecond * time.TotalSeconds));
        for (var i = 0L; i < total; i++)
        {
            var at = started + (long)(i * (double)Stopwatch.Frequency / perSecond);
            while (at - Stopwatch.GetTimestamp() is > 0 and var ticks)
                _ = Sleep((uint)Math.Max(1, ticks * 1_000_000 / Stopwatch.Frequency));
            due.TryWrite(at);
        }
        due.Complete();
    }

    [LibraryImport("libc", EntryPoint = "usleep")]
    private static partial int Sleep(uint microseconds);
}
