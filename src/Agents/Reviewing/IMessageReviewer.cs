using Flywheel.Agents.Writing;

namespace Flywheel.Agents.Reviewing;

/// <summary>Looks for problems in candidates. It can find some, and cannot approve anything.</summary>
public interface IMessageReviewer
{
    /// <summary>What a review is expected to use at most: what is set aside for it until its usage is known.</summary>
    WritingUsage MostUsage { get; }

    /// <returns>Findings, or why there was no review. What can go wrong outside this process is a failure in the result, never an exception.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<ReviewResult> ReviewAsync(ReviewRequest request, CancellationToken cancellationToken);
}
