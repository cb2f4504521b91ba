using Flywheel.Domain.Webhooks;

namespace Flywheel.Abstractions.Webhooks;

/// <summary>A webhook and its outbox, by tenant and id (see <see cref="Decisions.CampaignKeys"/>). What it answers is durable.</summary>
[Alias("flywheel.webhook")]
public interface IWebhookGrain : IGrainWithStringKey
{
    /// <summary>Makes it, or puts another definition in the place of the one it has.</summary>
    [Alias("put")]
    Task<WebhookOutcome> PutAsync(WebhookPutMessage put, CancellationToken cancellationToken);

    /// <summary>How it stands; null where there is none.</summary>
    [Alias("describe")]
    Task<WebhookStandingMessage?> DescribeAsync(CancellationToken cancellationToken);

    /// <summary>What waits, what was given up and what was tried; null where there is none.</summary>
    [Alias("read")]
    Task<OutboxMessage?> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Gives it a new secret, which the answer has.</summary>
    [Alias("rotate")]
    Task<WebhookOutcome> RotateAsync(CancellationToken cancellationToken);

    /// <summary>Queues what it wants of these and has not had lately. One that is not there takes nothing.</summary>
    [Alias("take")]
    Task TakeAsync(WebhookMessagesMessage messages, CancellationToken cancellationToken);

    /// <summary>Queues a message of the type <see cref="WebhookEvents.Test"/>; the answer names it.</summary>
    [Alias("test")]
    Task<WebhookOutcome> TestAsync(CancellationToken cancellationToken);

    /// <summary>Sends dead letters again, as many as the queue has room for; how many.</summary>
    /// <param name="message">One of them; null for all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    [Alias("replay")]
    Task<WebhookOutcome> ReplayAsync(string? message, CancellationToken cancellationToken);

    /// <summary>Takes how an attempt ended.</summary>
    [Alias("settle")]
    Task SettleAsync(DeliveryResultMessage result, CancellationToken cancellationToken);

    /// <summary>Goes on with what waits, where an activation that is gone left it.</summary>
    [Alias("wake")]
    Task WakeAsync(CancellationToken cancellationToken);

    /// <summary>Deletes it with all that waits; false where there is none.</summary>
    [Alias("delete")]
    Task<bool> DeleteAsync(CancellationToken cancellationToken);
}
