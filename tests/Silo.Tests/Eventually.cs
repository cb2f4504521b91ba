using System.Diagnostics;

namespace Flywheel.Silo.Tests;

/// <summary>Waits for what must come, however slow the machine; what never comes fails with what was expected and what came.</summary>
public static class Eventually
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Reads until what it reads holds, and returns that.</summary>
    /// <param name="read">Reads the current state.</param>
    /// <param name="holds">Whether this is what must come.</param>
    /// <param name="expected">What must come, in words.</param>
    /// <param name="describe">Shows what came; its <c>ToString</c> where null.</param>
    /// <param name="patience">How long to wait; <see cref="Patience"/> where null.</param>
    public static async Task<T> ReadsAsync<T>(
        Func<Task<T>> read, Func<T, bool> holds, string expected, Func<T, object?>? describe = null, TimeSpan? patience = null)
    {
        var limit = patience ?? Patience;
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var actual = await read();
            if (holds(actual))
                return actual;
            if (Stopwatch.GetElapsedTime(started) > limit)
                Assert.Fail($"Expected {expected} within {limit}; came {(describe is null ? actual : describe(actual))}.");
            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Waits for a task that must complete.</summary>
    public static async Task<T> CompletesAsync<T>(Task<T> task, string expected)
    {
        try
        {
            return await task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"Expected {expected} within {Patience}; nothing came.");
            throw;
        }
    }
}
