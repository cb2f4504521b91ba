using Flywheel.Abstractions.Messaging;

namespace Flywheel.Grains.Agents;

/// <summary>
/// Has what was written for a campaign reviewed, by the campaign's id. Owns nothing: an order goes to the desk of the silo that this happens to be
/// on, and is lost with it; then all of the request is asked for once more. Called once or twice for a request, where there is a model.
/// </summary>
[CollectionAgeLimit(Minutes = 2)]
[GrainType("flywheel.reviewer")]
public sealed class ReviewerGrain(WritingDesk desk) : Grain, IReviewerGrain
{
    public Task<bool> ReviewAsync(ReviewOrderMessage order, CancellationToken cancellationToken) => Task.FromResult(desk.TryTake(this.GetPrimaryKeyString(), order));
}
