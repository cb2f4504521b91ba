using System.Collections.Immutable;
using Flywheel.Agents.Reviewing;
using Flywheel.Agents.Writing;

namespace Flywheel.Grains.Tests;

/// <summary>Test double of a reviewer: it finds what it is told to find in every candidate, fails as it is told to, or never answers.</summary>
public sealed class ScriptedReviewer : IMessageReviewer
{
    private readonly TaskCompletionSource<ReviewRequest> _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _calls;

    public WritingUsage MostUsage { get; } = new(500, 50, 25);

    public ImmutableArray<ReviewFinding> Findings { get; set; } = [];

    public WritingFailure? Failure { get; set; }

    /// <summary>True where it waits until the silo ends.</summary>
    public bool Hangs { get; set; }

    public int Calls => Volatile.Read(ref _calls);

    /// <summary>The first request.</summary>
    public Task<ReviewRequest> Asked => _asked.Task;

    public async Task<ReviewResult> ReviewAsync(ReviewRequest request, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        _asked.TrySetResult(request);
        if (Hangs)
            await Task.Delay(Timeout.Infinite, cancellationToken);
        return new ReviewResult
        {
            Findings = [.. request.Candidates.Select(_ => Failure is null ? Findings : [])],
            Usage = new WritingUsage(50, 5, 2),
            Failure = Failure,
        };
    }
}
