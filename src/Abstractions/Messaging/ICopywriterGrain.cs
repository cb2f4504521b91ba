namespace Flywheel.Abstractions.Messaging;

/// <summary>Has new messaging written for a campaign, by the campaign's id.</summary>
[Alias("flywheel.copywriter")]
public interface ICopywriterGrain : IGrainWithStringKey
{
    /// <summary>Takes an order; what is written goes to <see cref="IMessagingGrain.DeliverAsync"/>. False where too many wait already.</summary>
    [Alias("write")]
    Task<bool> WriteAsync(WritingOrderMessage order, CancellationToken cancellationToken);
}
