using System.Diagnostics;

namespace Flywheel.Faults;

/// <summary>Waits for what must come, however slow the machine; what never comes fails with what was expected and what came.</summary>
internal static class Patience
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Asks until it holds; returns how long that took.</summary>
    /// <param name="expected">What must come, in words.</param>
    /// <param name="holds">Whether it has come.</param>
    /// <param name="came">Shows what came instead.</param>
    /// <param name="limit">The scale's patience where null.</param>
    public static async Task<TimeSpan> UntilAsync(string expected, Func<Task<bool>> holds, Func<string>? came = null, TimeSpan? limit = null)
    {
        var longest = limit ?? Scale.Current.Patience;
        var started = Stopwatch.GetTimestamp();
        while (!await holds())
        {
            if (Stopwatch.GetElapsedTime(started) > longest)
                Assert.Fail($"Expected {expected} within {longest}; came {came?.Invoke() ?? "nothing"}.");
            await Task.Delay(Pause, Cancel);
        }
        return Stopwatch.GetElapsedTime(started);
    }

    public static Task<TimeSpan> UntilAsync(string expected, Func<bool> holds, Func<string>? came = null, TimeSpan? limit = null) =>
        UntilAsync(expected, () => Task.FromResult(holds()), came, limit);

    /// <summary>Waits for a task that must complete.</summary>
    public static async Task CompletesAsync(Task task, string expected, Func<string>? came = null)
    {
        try
        {
            await task.WaitAsync(Scale.Current.Patience, Cancel);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"Expected {expected} within {Scale.Current.Patience}; came {came?.Invoke() ?? "nothing"}.");
        }
    }
}
