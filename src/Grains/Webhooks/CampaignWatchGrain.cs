using System.Collections.Immutable;
using Flywheel.Abstractions.Messaging;
using Flywheel.Abstractions.Webhooks;
using Flywheel.Decisions;
using Flywheel.Domain.Governance.Proposals;
using Flywheel.Domain.Webhooks;
using Flywheel.Grains.Replicas;
using Flywheel.Grains.Storage;
using Orleans.Placement;

namespace Flywheel.Grains.Webhooks;

/// <summary>
/// What webhooks were told of one campaign, by its id. Owns that, durable once it is in their queues: a silo that dies in between tells it again under the
/// same id, which they know. Called every few seconds while a campaign of a tenant with webhooks changes.
/// </summary>
[GrainType("flywheel.campaign-watch")]
[PreferLocalPlacement]
public sealed class CampaignWatchGrain(
    [PersistentState("campaign-watch", StorageNames.Default)] IPersistentState<ToldCampaign> state, CampaignReplica replica, TimeProvider time) : Grain, ICampaignWatchGrain
{
    /// <summary>The proposals that wait, as of so many entries of the history.</summary>
    private (ulong Incarnation, long Entries, ImmutableArray<Proposal> Waiting)? _known;

    private string Id => this.GetPrimaryKeyString();

    public async Task LookAsync(SightingMessage sighting, CancellationToken cancellationToken)
    {
        var seen = await SeeFadedAsync(sighting.Sighting with { Waiting = await WaitingAsync(sighting, cancellationToken) }, cancellationToken);
        // Each step tells something or is the last, and there is only so much to tell.
        while (IsThere(sighting))
        {
            var (next, messages) = state.State.See(Id, seen, time.GetUtcNow());
            if (!messages.IsEmpty)
                await TellAsync(new WebhookMessagesMessage(messages), cancellationToken);
            if (!ReferenceEquals(next, state.State) && IsThere(sighting))
                await this.ReplaceAsync(state, next, cancellationToken);
            if (messages.IsEmpty)
                return;
        }
    }

    public async Task ForgetAsync(CancellationToken cancellationToken)
    {
        if (state.RecordExists)
            await state.ClearStateAsync(cancellationToken);
        DeactivateOnIdle();
    }

    /// <summary>One that was deleted meanwhile is not told of any more, and leaves nothing behind.</summary>
    private bool IsThere(SightingMessage sighting) => replica.Find(Id)?.Published.Incarnation == sighting.Sighting.Incarnation;

    private async Task TellAsync(WebhookMessagesMessage messages, CancellationToken cancellationToken)
    {
        var hooks = await GrainFactory.GetGrain<IWebhookDirectoryGrain>(0).ListAsync(cancellationToken);
        await Task.WhenAll(hooks.Where(hook => CampaignKeys.TenantOf(hook).SequenceEqual(CampaignKeys.TenantOf(Id)))
            .Select(hook => GrainFactory.GetGrain<IWebhookGrain>(hook).TakeAsync(messages, cancellationToken)));
    }

    private async Task<ImmutableArray<Proposal>> WaitingAsync(SightingMessage sighting, CancellationToken cancellationToken)
    {
        if (sighting.Pending == 0)
            return [];
        var of = (sighting.Sighting.Incarnation, sighting.Entries);
        if (_known is { } known && (known.Incarnation, known.Entries) == of)
            return known.Waiting;
        var all = await GrainFactory.GetGrain<IMessagingGrain>(Id).ListAsync(cancellationToken);
        ImmutableArray<Proposal> waiting = [.. (all?.Proposals ?? []).Where(proposal => proposal.Status == ProposalStatus.Pending)];
        _known = (of.Incarnation, of.Entries, waiting);
        return waiting;
    }

    /// <summary>With what the analyst found when it last read the evidence, which it does for the strategist; nothing where it has not.</summary>
    private async Task<CampaignSighting> SeeFadedAsync(CampaignSighting sighting, CancellationToken cancellationToken)
    {
        if (await GrainFactory.GetGrain<IAnalystGrain>(Id).RecallAsync(cancellationToken) is not { } readings)
            return sighting;
        var told = state.State.ToldFadingsAt(default).Select(fading => fading.Name).ToHashSet(StringComparer.Ordinal);
        var faded = new List<FadedModule>();
        var watched = ImmutableDictionary.CreateBuilder<string, long>(StringComparer.Ordinal);
        foreach (var (segment, slot, module) in readings.Segments.SelectMany(segment => segment.Slots.SelectMany(slot => slot.Modules.Select(module => (segment.Id, slot.Id, module)))))
        {
            if (module.Faded is { } found)
                faded.Add(new FadedModule(segment, slot, module.Id, module.Version, found.Kept, DateTimeOffset.FromUnixTimeMilliseconds(found.SinceMs), found.ImpressionsSince));
            else if (told.Count > 0 && FadedModule.NameOf(segment, slot, module.Id, module.Version) is var name && told.Contains(name))
                watched[name] = module.Impressions;
        }
        return sighting with { Faded = faded, Watched = watched.ToImmutable() };
    }
}
