using Flywheel.Abstractions.Messaging;
using Flywheel.Abstractions.Replicas;
using Flywheel.Grains.Storage;

namespace Flywheel.Grains.Messaging;

/// <summary>
/// Which campaigns have something that awaits a person, by the number of the part. Owns the list, durable before it answers; written when a
/// campaign's standing changes, and read by each silo as it starts and in turn every few seconds.
/// </summary>
[GrainType("flywheel.awaiting")]
public sealed class AwaitingGrain(
    [PersistentState("awaiting", StorageNames.Default)] IPersistentState<AwaitingState> state) : Grain, IAwaitingGrain
{
    public async Task NoteAsync(MessagingStandingMessage standing, CancellationToken cancellationToken)
    {
        var known = state.State.Campaigns.GetValueOrDefault(standing.Campaign);
        if (known is not null && (known.Incarnation, known.Entries).CompareTo((standing.Incarnation, standing.Entries)) > 0)
            return;
        if (!standing.IsNotable)
        {
            await ForgetAsync(standing.Campaign, cancellationToken);
            return;
        }
        var next = new AwaitingCampaign(standing.Incarnation, standing.Entries, standing.Pending, standing.AgentsStopped);
        if (known != next)
            await this.ReplaceAsync(state, new AwaitingState { Campaigns = state.State.Campaigns.SetItem(standing.Campaign, next) }, cancellationToken);
    }

    public async Task ForgetAsync(string campaign, CancellationToken cancellationToken)
    {
        if (state.State.Campaigns.ContainsKey(campaign))
            await this.ReplaceAsync(state, new AwaitingState { Campaigns = state.State.Campaigns.Remove(campaign) }, cancellationToken);
    }

    public Task<IReadOnlyList<MessagingStandingMessage>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<MessagingStandingMessage>>(
        [.. state.State.Campaigns.Select(each => new MessagingStandingMessage(each.Key, each.Value.Incarnation, each.Value.Entries, each.Value.Pending, each.Value.AgentsStopped))]);
}
