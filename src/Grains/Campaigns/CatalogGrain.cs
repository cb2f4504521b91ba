using Flywheel.Abstractions.Campaigns;
using Flywheel.Domain.Campaigns;
using Flywheel.Grains.Storage;

namespace Flywheel.Grains.Campaigns;

/// <summary>The ids of all campaigns. Key 0. Owns the list, durable before it answers; called when campaigns come and go.</summary>
[GrainType("flywheel.catalog")]
public sealed class CatalogGrain(
    [PersistentState("catalog", StorageNames.Default)] IPersistentState<CatalogState> state) : Grain, ICatalogGrain
{
    public async Task<bool> AddAsync(string campaign, CancellationToken cancellationToken)
    {
        if (state.State.Campaigns.Contains(campaign))
            return true;
        if (state.State.Campaigns.Count >= Limits.Campaigns)
            return false;
        await WriteAsync(new CatalogState { Campaigns = new SortedSet<string>(state.State.Campaigns, StringComparer.Ordinal) { campaign } }, cancellationToken);
        return true;
    }

    public async Task RemoveAsync(string campaign, CancellationToken cancellationToken)
    {
        if (state.State.Campaigns.Contains(campaign))
            await WriteAsync(new CatalogState { Campaigns = new SortedSet<string>(state.State.Campaigns.Where(id => id != campaign), StringComparer.Ordinal) }, cancellationToken);
    }

    public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([.. state.State.Campaigns]);

    private async Task WriteAsync(CatalogState next, CancellationToken cancellationToken)
    {
        var previous = state.State;
        state.State = next;
        try
        {
            await state.WriteStateAsync(cancellationToken);
        }
        catch
        {
            state.State = previous;
            DeactivateOnIdle();
            throw;
        }
    }
}
