using Flywheel.Abstractions.Campaigns;
using Flywheel.Domain.Campaigns;
using Flywheel.Grains.Storage;

namespace Flywheel.Grains.Campaigns;

/// <summary>The ids of all campaigns. Key 0. Owns the list, durable before it answers; called when campaigns come and go.</summary>
[GrainType("flywheel.catalog")]
public sealed class CatalogGrain(
    [PersistentState("catalog", StorageNames.Default)] IPersistentState<CatalogState> state,
    CampaignQuota quota,
    TimeProvider time) : Grain, ICatalogGrain
{
    public async Task<ulong?> AddAsync(string campaign, CancellationToken cancellationToken)
    {
        var campaigns = state.State.Campaigns;
        if (!campaigns.Contains(campaign) && (campaigns.Count >= Limits.Campaigns || quota.IsReached(campaigns, campaign)))
            return null;
        var incarnation = Math.Max((ulong)time.GetUtcNow().ToUnixTimeMilliseconds(), state.State.LastIncarnation + 1);
        await this.ReplaceAsync(state, state.State with { LastIncarnation = incarnation, Campaigns = new SortedSet<string>(campaigns, StringComparer.Ordinal) { campaign } }, cancellationToken);
        return incarnation;
    }

    public async Task RemoveAsync(string campaign, CancellationToken cancellationToken)
    {
        if (state.State.Campaigns.Contains(campaign))
            await this.ReplaceAsync(state, state.State with { Campaigns = new SortedSet<string>(state.State.Campaigns.Where(id => id != campaign), StringComparer.Ordinal) }, cancellationToken);
    }

    public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([.. state.State.Campaigns]);
}
