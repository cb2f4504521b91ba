namespace Flywheel.Abstractions.Webhooks;

/// <summary>Which webhooks there are; one grain, key 0. Called when one is made or deleted, when something is told, and every few seconds by each silo.</summary>
[Alias("flywheel.webhook-directory")]
public interface IWebhookDirectoryGrain : IGrainWithIntegerKey
{
    /// <summary>Adds a webhook, durable once this returns; null, or why there is no room for it.</summary>
    /// <param name="key">Its tenant and id, as of a campaign (see <see cref="Decisions.CampaignKeys"/>).</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    [Alias("add")]
    Task<string?> AddAsync(string key, CancellationToken cancellationToken);

    [Alias("remove")]
    Task RemoveAsync(string key, CancellationToken cancellationToken);

    /// <summary>Their keys, sorted. There may be one whose making was cut off.</summary>
    [Alias("list")]
    Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken);
}
