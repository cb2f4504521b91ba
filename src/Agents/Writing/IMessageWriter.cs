namespace Flywheel.Agents.Writing;

/// <summary>Writes candidates for a slot.</summary>
public interface IMessageWriter
{
    /// <summary>For people: <c>offline</c>, or the model's name.</summary>
    string Name { get; }

    /// <summary>What a request is expected to use at most: what is set aside for it until its usage is known.</summary>
    WritingUsage MostUsage { get; }

    /// <returns>Candidates, or why there are none. What can go wrong outside this process is a <see cref="WritingFailure"/>, never an exception.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<WritingResult> WriteAsync(WritingRequest request, CancellationToken cancellationToken);
}
