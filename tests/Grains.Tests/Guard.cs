namespace Flywheel.Grains.Tests;

/// <summary>Ends a wait that would hold a failing test for ever; no passing test comes near the limit.</summary>
internal static class Guard
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static Task Guarded(this Task task) => task.WaitAsync(Limit, TestContext.Current.CancellationToken);

    public static Task<T> Guarded<T>(this Task<T> task) => task.WaitAsync(Limit, TestContext.Current.CancellationToken);
}
