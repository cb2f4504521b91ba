using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Flywheel.Client;

/// <summary>How a client buffers, retries and waits. A value outside its limits throws <see cref="ArgumentOutOfRangeException"/>.</summary>
public sealed record FlywheelClientOptions
{
    /// <summary>Signals that may wait for sending; beyond them, tracking drops.</summary>
    /// <value>Default 50,000; 1 to 10,000,000.</value>
    public int BufferCapacity { get; init => field = Within(value, 1, 10_000_000); } = 50_000;

    /// <summary>The most tracked signals in one request.</summary>
    /// <value>Default 1,000; 1 to 10,000.</value>
    public int MaxBatchSize { get; init => field = Within(value, 1, FlywheelClient.MaxSignalsPerRequest); } = 1_000;

    /// <summary>How long tracked signals gather before all that wait are sent.</summary>
    /// <value>Default 100 ms; 1 ms to 1 min.</value>
    public TimeSpan BatchInterval { get; init => field = Within(value, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1)); } =
        TimeSpan.FromMilliseconds(100);

    /// <summary>How often a batch of tracked signals is sent before it is abandoned.</summary>
    /// <value>Default 10; 1 to 1,000.</value>
    public int MaxAttempts { get; init => field = Within(value, 1, 1_000); } = 10;

    /// <summary>The wait after the first failure; it doubles from there, and each wait is cut by up to half at random.</summary>
    /// <value>Default 200 ms; 1 ms to 1 min.</value>
    public TimeSpan InitialRetryDelay { get; init => field = Within(value, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1)); } =
        TimeSpan.FromMilliseconds(200);

    /// <summary>The longest wait that the client chooses; a longer <c>Retry-After</c> is honoured up to 5 min.</summary>
    /// <value>Default 30 s; 1 ms to 5 min.</value>
    public TimeSpan MaxRetryDelay { get; init => field = Within(value, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(5)); } =
        TimeSpan.FromSeconds(30);

    /// <summary>How long disposal waits for tracked signals to be delivered.</summary>
    /// <value>Default 5 s; 1 ms to 5 min.</value>
    public TimeSpan DisposeTimeout { get; init => field = Within(value, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(5)); } =
        TimeSpan.FromSeconds(5);

    /// <summary>How long a stream of scores or policies may be silent before it connects anew, in case the connection has died unnoticed.</summary>
    /// <value>Default 1 min; 1 s to 1 h.</value>
    public TimeSpan StreamIdleTimeout { get; init => field = Within(value, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)); } =
        TimeSpan.FromMinutes(1);

    /// <value>Default <see cref="TimeProvider.System"/>.</value>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The randomness of the waits, so that clients do not come back all at once.</summary>
    /// <value>A thread-safe function; 0 to 1, uniform by default.</value>
    public Func<double> Jitter { get; init; } = () => RandomNumberGenerator.GetInt32(1_000_000) / 1e6;

    private static T Within<T>(T value, T least, T most, [CallerMemberName] string name = "") where T : IComparable<T>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, most, name);
        return value;
    }
}
