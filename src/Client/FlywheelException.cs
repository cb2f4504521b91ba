using System.Net;

namespace Flywheel.Client;

/// <summary>The engine refused a request, or could not be reached or understood. Every failure of this client is one of these.</summary>
public sealed class FlywheelException : Exception
{
    public FlywheelException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <value>The status of the answer; null where none came.</value>
    public HttpStatusCode? Status { get; init; }

    /// <value>What kind of problem it is.</value>
    public string? Title { get; init; }

    /// <value>What is wrong this time.</value>
    public string? Detail { get; init; }

    /// <value>What is wrong with each field, by its path in the request; empty where no field is to blame.</value>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Errors { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <value>How long the engine asks to be left alone, where it did.</value>
    public TimeSpan? RetryAfter { get; init; }

    /// <value>True where the same request may succeed later: no answer, 429 or a 5xx.</value>
    public bool IsTransient => Status is null or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;
}
