using Flywheel.Abstractions.Messaging;

namespace Flywheel.Grains.Agents;

/// <summary>
/// Has messaging written for a campaign, by its id. Owns nothing: an order goes to the desk of the silo that this happens to be on, and is lost
/// with it. Called once or twice for a request.
/// </summary>
[CollectionAgeLimit(Minutes = 2)]
[GrainType("flywheel.copywriter")]
public sealed class CopywriterGrain(WritingDesk desk) : Grain, ICopywriterGrain
{
    public Task<bool> WriteAsync(WritingOrderMessage order, CancellationToken cancellationToken) => Task.FromResult(desk.TryTake(this.GetPrimaryKeyString(), order));
}
