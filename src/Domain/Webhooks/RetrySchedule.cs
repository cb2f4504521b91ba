namespace Flywheel.Domain.Webhooks;

/// <summary>When a message that was not taken is sent again: exponential backoff with jitter, over some 55 hours.</summary>
public sealed record RetrySchedule
{
    /// <summary>Each wait is up to this share shorter or longer, so that what failed at once does not come back at once.</summary>
    public const double Jitter = 0.2;

    /// <summary>After the first attempt.</summary>
    public TimeSpan First { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How many times longer each wait is than the one before.</summary>
    public double Factor { get; init; } = 4;

    public TimeSpan Longest { get; init; } = TimeSpan.FromHours(12);

    /// <summary>After so many the message is a dead letter.</summary>
    public int Attempts { get; init; } = 12;

    /// <summary>How long to wait; null where it is not tried again.</summary>
    /// <param name="attempts">That were made, from 1.</param>
    /// <param name="asked">How long the receiver asked to be left alone (Retry-After), if it did; at most <see cref="Longest"/> of it counts.</param>
    /// <param name="chance">0 to 1, drawn anew for each wait.</param>
    public TimeSpan? After(int attempts, TimeSpan? asked, double chance)
    {
        if (attempts >= Attempts)
            return null;
        var wait = TimeSpan.FromSeconds(Math.Min(Longest.TotalSeconds, First.TotalSeconds * Math.Pow(Factor, attempts - 1)) * (1 - Jitter + 2 * Jitter * chance));
        return asked > wait ? asked < Longest ? asked : Longest : wait;
    }
}
