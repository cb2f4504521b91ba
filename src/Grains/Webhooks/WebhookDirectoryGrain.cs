using Flywheel.Abstractions.Webhooks;
using Flywheel.Decisions;
using Flywheel.Grains.Storage;

namespace Flywheel.Grains.Webhooks;

/// <summary>
/// Which webhooks there are. Key 0. Owns the list, durable before it answers; written when one is made or deleted, read when something is told and every
/// few seconds by each silo.
/// </summary>
[GrainType("flywheel.webhook-directory")]
public sealed class WebhookDirectoryGrain(
    [PersistentState("webhook-directory", StorageNames.Default)] IPersistentState<WebhookDirectoryState> state) : Grain, IWebhookDirectoryGrain
{
    /// <summary>Of all tenants together: each is sent to by one connection at a time.</summary>
    public const int Most = 1_000;

    public const int MostOfATenant = 16;

    public async Task<string?> AddAsync(string key, CancellationToken cancellationToken)
    {
        var keys = state.State.Keys;
        if (keys.Contains(key))
            return null;
        if (keys.Count(other => CampaignKeys.TenantOf(other).SequenceEqual(CampaignKeys.TenantOf(key))) >= MostOfATenant)
            return $"there are {MostOfATenant} webhooks, which is the most; delete one first";
        if (keys.Count >= Most)
            return $"there are {Most} webhooks of all tenants together, which is the most";
        await this.ReplaceAsync(state, new WebhookDirectoryState { Keys = keys.Add(key) }, cancellationToken);
        return null;
    }

    public async Task RemoveAsync(string key, CancellationToken cancellationToken)
    {
        if (state.State.Keys.Contains(key))
            await this.ReplaceAsync(state, new WebhookDirectoryState { Keys = state.State.Keys.Remove(key) }, cancellationToken);
    }

    public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>([.. state.State.Keys]);
}
