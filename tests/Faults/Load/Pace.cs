using System.Diagnostics;

namespace Flywheel.Faults.Load;

/// <summary>Holds a rate. What was not sent while nothing could be is not made up for.</summary>
internal sealed class Pace(int perSecond)
{
    private static readonly TimeSpan MostBehind = TimeSpan.FromMilliseconds(500);

    private long _dueAt = Stopwatch.GetTimestamp();

    /// <summary>Waits until so many are due.</summary>
    public async Task WaitAsync(int many, CancellationToken cancellationToken)
    {
        _dueAt += (long)((double)many / perSecond * Stopwatch.Frequency);
        var now = Stopwatch.GetTimestamp();
        var ahead = Stopwatch.GetElapsedTime(now, _dueAt);
        if (ahead > TimeSpan.Zero)
            await Task.Delay(ahead, cancellationToken);
        else if (-ahead > MostBehind)
            _dueAt = now;
    }
}
