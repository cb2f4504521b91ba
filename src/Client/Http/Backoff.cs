namespace Flywheel.Client;

/// <summary>Exponential waits with jitter, none shorter than the engine asked for.</summary>
internal sealed class Backoff(FlywheelClientOptions options)
{
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(5);

    /// <param name="failures">How many attempts in a row have failed, from 1.</param>
    /// <param name="retryAfter">What the engine asked for.</param>
    public TimeSpan After(int failures, TimeSpan? retryAfter)
    {
        var full = options.InitialRetryDelay * Math.Pow(2, Math.Min(failures - 1, 30));
        var delay = (full < options.MaxRetryDelay ? full : options.MaxRetryDelay) * (1 - options.Jitter() / 2);
        var asked = retryAfter > LongestRetryAfter ? LongestRetryAfter : retryAfter;
        return asked > delay ? asked.Value : delay;
    }
}
