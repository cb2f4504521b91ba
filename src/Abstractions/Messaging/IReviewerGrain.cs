namespace Flywheel.Abstractions.Messaging;

/// <summary>Has what was written for a campaign reviewed, by the campaign's id.</summary>
[Alias("flywheel.reviewer")]
public interface IReviewerGrain : IGrainWithStringKey
{
    /// <summary>Takes an order; what was written goes, with what was found, to <see cref="IMessagingGrain.DeliverAsync"/>. False where too many wait already.</summary>
    [Alias("review")]
    Task<bool> ReviewAsync(ReviewOrderMessage order, CancellationToken cancellationToken);
}
