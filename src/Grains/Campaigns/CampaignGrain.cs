using System.Collections.Immutable;
using Flywheel.Abstractions.Campaigns;
using Flywheel.Abstractions.Messaging;
using Flywheel.Abstractions.Modules;
using Flywheel.Abstractions.Segments;
using Flywheel.Abstractions.Webhooks;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Governance;
using Flywheel.Domain.Governance.Proposals;
using Flywheel.Grains.Replicas;
using Flywheel.Grains.Rollbacks;
using Flywheel.Grains.Storage;
using Flywheel.Signals;

namespace Flywheel.Grains.Campaigns;

/// <summary>
/// One campaign, by its id. Owns its document and revision, durable before it answers; tells every silo's replica, then the
/// segments that have evidence. Called when people change the campaign, never per decision or signal.
/// </summary>
[GrainType("flywheel.campaign")]
public sealed class CampaignGrain(
    [PersistentState("campaign", StorageNames.Default)] IPersistentState<CampaignState> state,
    CampaignReplica replica,
    ReplicaPublisher replicas,
    ISignalStore store,
    SignalAppender appender,
    CampaignQuota quota,
    PolicyRollback rollbacks,
    ICampaignMeter meter,
    TimeProvider time) : Grain, ICampaignGrain
{
    /// <summary>Modules a campaign may have had over its life.</summary>
    public const int MaxModules = 4_096;

    /// <summary>Segments a campaign may have had over its life: each leaves its counts behind.</summary>
    public const int MaxSegments = 4_096;

    private const int ForgottenAtOnce = 128;

    /// <summary>The number of the last entry that the history is known to have stored.</summary>
    private long _told;

    private string Id => this.GetPrimaryKeyString();

    public async Task<PublishOutcome> PublishAsync(CampaignMessage campaign, CancellationToken cancellationToken)
    {
        if (state.State.Deleting)
            await DeleteAsync(cancellationToken);
        var previous = state.State.Published;
        var eligibility = previous?.Eligibility ?? Eligibility.All;
        var document = eligibility.Strip(campaign.Campaign);
        if (document.Slots.FirstOrDefault(slot => slot.Modules.IsEmpty) is { } empty)
            return Refuse(PublishRefusal.Stopped, $"all modules of {empty.Id} in this document are stopped; resume one of them (POST …/slots/{empty.Id}/modules/ID/resume) or add another");
        var modules = state.State.Modules.Union(document.Slots.SelectMany(slot => slot.Modules.Select(module => $"{slot.Id}/{module.Id}")));
        var segments = state.State.Segments.Union(document.SegmentIds());
        if (segments.Count > MaxSegments)
            return Refuse(PublishRefusal.Segments, $"the campaign has had {segments.Count} different segments, and the most is {MaxSegments}; delete it to start over");
        if (modules.Count > MaxModules)
            return Refuse(PublishRefusal.Modules, $"the campaign has had {modules.Count} different modules, and the most is {MaxModules}; delete it to start over");
        var incarnation = state.State.Published?.Incarnation ?? await GrainFactory.GetGrain<ICatalogGrain>(0).AddAsync(Id, cancellationToken);
        if (incarnation is null)
            return await RefuseFullAsync(cancellationToken);
        var published = Revise(previous, incarnation.Value, document, previous is null ? eligibility.For(document) : eligibility.For(document, previous.Campaign), await VersionsOfAsync(document, cancellationToken));
        await this.ReplaceAsync(state, state.State with
        {
            Published = published,
            Modules = modules,
            Segments = segments,
            Untold = Untold(OwnerChanges.Of(previous, published, time.GetUtcNow())),
        }, cancellationToken);
        await TellAsync(previous, published, cancellationToken);
        return new PublishOutcome(previous is null, new PublishedCampaignMessage(published));
    }

    public async Task<PublishedCampaignMessage?> SetStatusAsync(CampaignStatus status, CancellationToken cancellationToken)
    {
        if (state.State is not { Published: { } previous, Deleting: false })
            return null;
        var published = previous with { Revision = RevisionAfter(previous), Campaign = previous.Campaign with { Status = status } };
        var entry = new HistoryEntry(time.GetUtcNow(), Lifecycle.Person, HistoryKind.Status) { Comment = status.ToString().ToLowerInvariant() };
        await this.ReplaceAsync(state, state.State with { Published = published, Untold = Untold([entry]) }, cancellationToken);
        await TellAsync(previous, published, cancellationToken);
        return new PublishedCampaignMessage(published);
    }

    public async Task<AmendOutcomeMessage> AmendAsync(AmendmentMessage amendment, CancellationToken cancellationToken)
    {
        if (state.State is not { Published: { } previous, Deleting: false })
            return new AmendOutcomeMessage(null, null);
        var outcome = Amendments.Apply(previous.Campaign, previous.Eligibility ?? Eligibility.All, amendment.Amendment);
        if (outcome is not { Document: { } document, Eligibility: { } eligibility })
            return new AmendOutcomeMessage(null, outcome.Refused, outcome.IsMissing);
        if (ReferenceEquals(document, previous.Campaign) && eligibility.Equals(previous.Eligibility ?? Eligibility.All))
            return new AmendOutcomeMessage(new PublishedCampaignMessage(previous), null);
        var modules = state.State.Modules.Union(document.Slots.SelectMany(slot => slot.Modules.Select(module => $"{slot.Id}/{module.Id}")));
        if (modules.Count > MaxModules)
            return new AmendOutcomeMessage(null, $"the campaign has had {modules.Count} different modules, and the most is {MaxModules}");
        var published = Revise(previous, previous.Incarnation, document, eligibility.For(document), await VersionsOfAsync(document, cancellationToken));
        // The other kinds are steps of a proposal's life, and in the history as such.
        HistoryKind? kind = amendment.Amendment.Kind switch
        {
            AmendmentKind.Stop => HistoryKind.Stopped,
            AmendmentKind.Resume => HistoryKind.Resumed,
            AmendmentKind.Pin => HistoryKind.Pinned,
            AmendmentKind.Unpin => HistoryKind.Unpinned,
            _ => null,
        };
        var untold = kind is { } done
            ? Untold([new HistoryEntry(time.GetUtcNow(), Lifecycle.Person, done) { Slot = amendment.Amendment.Slot, Module = amendment.Amendment.Id }])
            : state.State.Untold;
        await this.ReplaceAsync(state, state.State with { Published = published, Modules = modules, Untold = untold }, cancellationToken);
        await TellAsync(previous, published, cancellationToken);
        return new AmendOutcomeMessage(new PublishedCampaignMessage(published), null);
    }

    public async Task<RollbackOutcomeMessage?> RollBackAsync(RollbackMessage rollback, CancellationToken cancellationToken)
    {
        // Its steps are calls of their own: while it waits for them a module can be stopped.
        var self = this.AsReference<ICampaignGrain>();
        var plan = await self.LogRollbackAsync(rollback, cancellationToken);
        if (plan is not { Refused: null })
            return plan;
        var isServed = state.State.Published is { } published && await rollbacks.ServeAsync(published, plan, cancellationToken);
        await self.TellRollbackAsync(cancellationToken);
        return plan with { IsServed = isServed };
    }

    public async Task<RollbackOutcomeMessage?> LogRollbackAsync(RollbackMessage rollback, CancellationToken cancellationToken)
    {
        if (state.State is not { Published: { } previous, Deleting: false })
            return null;
        var plan = await rollbacks.PlanAsync(previous, rollback, cancellationToken);
        if (plan.Refused is not null)
            return plan;
        await rollbacks.AppendAsync(previous, plan);
        // As after a change of what can be served: every policy gets a version above all before, and is fitted with siblings that went back too.
        var revision = RevisionAfter(previous);
        var published = previous with { Revision = revision, LayoutRevision = revision };
        await this.ReplaceAsync(state, state.State with { Published = published, Untold = Untold([EntryOf(rollback, plan)]) }, cancellationToken);
        return plan;
    }

    public async Task TellRollbackAsync(CancellationToken cancellationToken)
    {
        if (state.State is not { Published: { } published, Deleting: false })
            return;
        await TellAsync(previous: null, published, cancellationToken);
        Refit();
    }

    public Task<PublishedCampaignMessage?> DescribeAsync(CancellationToken cancellationToken) =>
        Task.FromResult(state.State.Published is { } published ? new PublishedCampaignMessage(published, state.State.Deleting) : null);

    public Task<CampaignReportMessage?> ReportAsync(ulong incarnation, long told, CancellationToken cancellationToken)
    {
        if (state.State is not { Published: { } published, Deleting: false })
            return Task.FromResult<CampaignReportMessage?>(null);
        var known = published.Incarnation == incarnation ? told : 0;
        _told = Math.Max(_told, known);
        return Task.FromResult<CampaignReportMessage?>(new CampaignReportMessage(published, state.State.Untold?.After(known) ?? []));
    }

    public async Task<bool> DeleteAsync(CancellationToken cancellationToken)
    {
        if (state.State.Published is not { } published)
            return false;
        if (!state.State.Deleting)
            await this.ReplaceAsync(state, state.State with { Deleting = true }, cancellationToken);
        await replicas.RemoveCampaignAsync(Id, published.Incarnation);
        await ForgetCountsAsync(published.Incarnation);
        foreach (var modules in state.State.Modules.Chunk(ForgottenAtOnce))
            await Task.WhenAll(modules.Select(module => GrainFactory.GetGrain<IModuleGrain>($"{Id}/{module}").ForgetAsync(cancellationToken)));
        await GrainFactory.GetGrain<IMessagingGrain>(Id).ForgetAsync(cancellationToken);
        await GrainFactory.GetGrain<ICampaignWatchGrain>(Id).ForgetAsync(cancellationToken);
        await GrainFactory.GetGrain<ICatalogGrain>(0).RemoveAsync(Id, cancellationToken);
        await state.ClearStateAsync(cancellationToken);
        (state.State, _told) = (new CampaignState(), 0);
        return true;
    }

    private async Task<PublishOutcome> RefuseFullAsync(CancellationToken cancellationToken) =>
        quota.IsReached(await GrainFactory.GetGrain<ICatalogGrain>(0).ListAsync(cancellationToken), Id)
            ? Refuse(PublishRefusal.Tenant, $"campaigns: this tenant has {quota.PerTenant}, which is the most; expected one of them, or another one deleted before")
            : Refuse(PublishRefusal.Engine, $"there are {Limits.Campaigns} campaigns, which is the most");

    private PublishOutcome Refuse(PublishRefusal why, string text)
    {
        meter.Refused(why);
        return new PublishOutcome(false, null, text);
    }

    /// <summary>What is stored for the history with the change itself. What it has is dropped with the next change: that costs no write.</summary>
    private UntoldHistory Untold(ImmutableArray<HistoryEntry> entries) => (state.State.Untold ?? UntoldHistory.None).With(entries, _told);

    private static HistoryEntry EntryOf(RollbackMessage rollback, RollbackOutcomeMessage plan)
    {
        var (oldest, newest) = (plan.Segments.Min(segment => segment.ToMs), plan.Segments.Max(segment => segment.ToMs));
        var checkpoints = oldest == newest ? $"the checkpoint of {PolicyRollback.TextOf(newest)}" : $"checkpoints of {PolicyRollback.TextOf(oldest)} to {PolicyRollback.TextOf(newest)}";
        return new HistoryEntry(DateTimeOffset.FromUnixTimeMilliseconds(plan.AtMs), Lifecycle.Person, HistoryKind.PolicyRolledBack)
        {
            Segment = rollback.Segment,
            Comment = $"{rollback.Asked}: {(plan.Segments.Length == 1 ? "1 segment" : $"{plan.Segments.Length} segments")} back to {checkpoints}",
        };
    }

    private PublishedCampaign Revise(PublishedCampaign? previous, ulong incarnation, Campaign document, Eligibility eligibility, ImmutableArray<ImmutableArray<int>> versions)
    {
        var revision = RevisionAfter(previous);
        var published = new PublishedCampaign
        {
            Id = Id,
            Incarnation = incarnation,
            Revision = revision,
            LayoutRevision = revision,
            Campaign = document,
            Eligibility = eligibility.Equals(Eligibility.All) ? null : eligibility,
            Versions = versions,
        };
        return previous is not null && published.ServesAs(previous) ? published with { LayoutRevision = previous.LayoutRevision } : published;
    }

    private long RevisionAfter(PublishedCampaign? previous) =>
        Math.Max((previous?.Revision ?? 0) + 1, (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);

    private async Task<ImmutableArray<ImmutableArray<int>>> VersionsOfAsync(Campaign document, CancellationToken cancellationToken)
    {
        var slots = document.Slots.Select(slot => Task.WhenAll(slot.Modules.Select(module =>
            GrainFactory.GetGrain<IModuleGrain>($"{Id}/{slot.Id}/{module.Id}").PublishAsync(module.Content.Hash, cancellationToken))));
        return [.. (await Task.WhenAll(slots)).Select(versions => versions.ToImmutableArray())];
    }

    private async Task TellAsync(PublishedCampaign? previous, PublishedCampaign published, CancellationToken cancellationToken)
    {
        await replicas.PutCampaignAsync(new PublishedCampaignMessage(published));
        // The history asks for it whenever somebody reads it; this makes it early, and may be lost.
        GrainFactory.GetGrain<IMessagingGrain>(Id).CatchUpAsync(CancellationToken.None).Ignore();
        if (previous is null)
            return;
        // A segment that was not there before may have been there once, and then its partition still has its evidence.
        var added = published.Campaign.SegmentIds().Except(previous.Campaign.SegmentIds());
        await Task.WhenAll(added.Select(segment => GrainFactory.GetGrain<ISegmentGrain>($"{Id}/{segment}").ReviseAsync(cancellationToken)));
        if (published.LayoutRevision != previous.LayoutRevision)
            Refit();
    }

    /// <summary>Fits segments that have evidence to the layout in their turn; until then the policies that were carried over serve.</summary>
    private void Refit()
    {
        foreach (var segment in replica.Find(Id)?.Segments.Where(segment => segment.Served is not null) ?? [])
            GrainFactory.GetGrain<ISegmentGrain>($"{Id}/{segment.Id.Segment}").ReviseAsync(CancellationToken.None).Ignore();
    }

    /// <summary>Puts the deletion into the log of every partition, behind whatever was appended before.</summary>
    private async Task ForgetCountsAsync(ulong incarnation)
    {
        var builder = new EntryBuilder();
        builder.AddForget(Id, incarnation);
        var body = builder.Build(time.GetUtcNow().ToUnixTimeMilliseconds());
        var outcome = await appender.AppendAsync([.. Enumerable.Range(0, store.Partitions).Select(partition => new PartitionEntry(partition, 0, body))]);
        if (outcome != AppendOutcome.Durable)
            throw new StoreUnavailableException($"The deletion of {Id} could not be logged ({outcome}); it goes on when it is asked for again.");
    }
}
