using Flywheel.Abstractions.Messaging;
using Flywheel.Grains.Storage;

namespace Flywheel.Grains.Messaging;

/// <summary>
/// Which campaigns have open requests. Key 0. Owns the list, durable before it answers, so that requests whose silo died are found without looking at
/// every campaign; called twice for a campaign that asks, and once a minute by each silo.
/// </summary>
[GrainType("flywheel.open-requests")]
public sealed class OpenRequestsGrain(
    [PersistentState("open-requests", StorageNames.Default)] IPersistentState<OpenRequestsState> state) : Grain, IOpenRequestsGrain
{
    public async Task AddAsync(string campaign, CancellationToken cancellationToken)
    {
        if (!state.State.Campaigns.Contains(campaign))
            await this.ReplaceAsync(state, new OpenRequestsState { Campaigns = state.State.Campaigns.Add(campaign) }, cancellationToken);
    }

    public async Task RemoveAsync(string campaign, CancellationToken cancellationToken)
    {
        if (state.State.Campaigns.Contains(campaign))
            await this.ReplaceAsync(state, new OpenRequestsState { Campaigns = state.State.Campaigns.Remove(campaign) }, cancellationToken);
    }

    public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>([.. state.State.Campaigns]);
}
