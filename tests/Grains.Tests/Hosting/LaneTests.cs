using Flywheel.Grains.Hosting;

namespace Flywheel.Grains.Tests.Hosting;

public sealed class LaneTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_AnyWork_RunsOnAThreadOfItsOwn()
    {
        using var lane = new Lane("test");

        var (isOfThePool, name) = await lane.RunAsync(() => (Thread.CurrentThread.IsThreadPoolThread, Thread.CurrentThread.Name));

        Assert.False(isOfThePool);
        Assert.StartsWith("test ", name);
    }

    [Fact]
    public async Task RunAsync_MoreWorkThanThreads_NeverRunsMoreAtOnce()
    {
        using var lane = new Lane("test");
        var (running, most) = (0, 0);

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => lane.RunAsync(() =>
        {
            var now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            Thread.Yield();
            return Interlocked.Decrement(ref running);
        })));

        Assert.InRange(most, 1, Math.Max(1, Environment.ProcessorCount / 2));
    }

    [Fact]
    public async Task RunAsync_WorkThatFails_FailsForItsCallerAlone()
    {
        using var lane = new Lane("test");

        await Assert.ThrowsAsync<FormatException>(() => lane.RunAsync<int>(() => throw new FormatException()));

        Assert.Equal(5, await lane.RunAsync(() => 5));
    }

    [Fact]
    public async Task Dispose_WorkThatWaits_IsCancelledAndWhatRunsEnds()
    {
        var lane = new Lane("test");
        using var started = new SemaphoreSlim(0);
        using var release = new ManualResetEventSlim();
        var busy = Enumerable.Range(0, Math.Max(1, Environment.ProcessorCount / 2)).Select(i => lane.RunAsync(() =>
        {
            started.Release();
            release.Wait(Cancel);
            return i;
        })).ToList();
        foreach (var _ in busy)
            await started.WaitAsync(Cancel);
        var waiting = lane.RunAsync(() => 1);

        var disposing = Task.Run(lane.Dispose, Cancel);
        await RefusedAsync(lane);
        release.Set();
        await disposing;

        await Task.WhenAll(busy);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    /// <summary>Until the lane takes nothing more.</summary>
    private static async Task RefusedAsync(Lane lane)
    {
        while (true)
        {
            try
            {
                lane.RunAsync(() => 0).Ignore();
                await Task.Yield();
            }
            catch (InvalidOperationException)
            {
                return;
            }
        }
    }

    private static void InterlockedMax(ref int most, int now)
    {
        for (var seen = Volatile.Read(ref most); seen < now; seen = Volatile.Read(ref most))
            Interlocked.CompareExchange(ref most, now, seen);
    }
}
