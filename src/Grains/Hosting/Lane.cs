using System.Collections.Concurrent;

namespace Flywheel.Grains.Hosting;

/// <summary>
/// Runs what takes long on half as many threads as there are cores, apart from those that answer requests: however much of it there
/// is, decisions are answered as if there were none. Holds no more than its callers wait for: a grain asks for one thing at a time.
/// </summary>
public sealed class Lane : IDisposable
{
    /// <summary>The key of the lane for fits of segments.</summary>
    public const string Fits = "fits";

    /// <summary>The key of the lane for counting.</summary>
    public const string Counts = "counts";

    private readonly BlockingCollection<Action> _turns = [];
    private readonly Thread[] _threads;

    public Lane(string name)
    {
        _threads = [.. Enumerable.Range(0, Math.Max(1, Environment.ProcessorCount / 2)).Select(i => new Thread(Run) { Name = $"{name} {i}", IsBackground = true })];
        foreach (var thread in _threads)
            thread.Start();
    }

    /// <summary>Does the work when its turn comes, first come, first served.</summary>
    /// <exception cref="InvalidOperationException">The silo has stopped.</exception>
    /// <exception cref="OperationCanceledException">It stopped before the turn came.</exception>
    public Task<T> RunAsync<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _turns.Add(() => Take(work, done));
        return done.Task;
    }

    public void Dispose()
    {
        _turns.CompleteAdding();
        foreach (var thread in _threads)
            thread.Join();
        _turns.Dispose();
    }

    private void Run()
    {
        foreach (var turn in _turns.GetConsumingEnumerable())
            turn();
    }

    private void Take<T>(Func<T> work, TaskCompletionSource<T> done)
    {
        if (_turns.IsAddingCompleted)
        {
            done.SetCanceled();
            return;
        }
        try
        {
            done.SetResult(work());
        }
        catch (Exception e)
        {
            done.SetException(e);
        }
    }
}
