namespace Flywheel.Grains.Replicas;

/// <summary>Tells any number of watchers that something changed. Changes that nobody waited for yet are one change.</summary>
public sealed class ChangeSignal
{
    private TaskCompletionSource _next = New();
    private long _version;

    /// <summary>Rises with every change.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>Completes with the first change after this call.</summary>
    public Task NextAsync() => Volatile.Read(ref _next).Task;

    public void Raise()
    {
        Interlocked.Increment(ref _version);
        Interlocked.Exchange(ref _next, New()).SetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
