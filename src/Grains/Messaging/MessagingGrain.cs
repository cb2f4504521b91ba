using System.Collections.Immutable;
using Flywheel.Abstractions.Campaigns;
using Flywheel.Abstractions.Messaging;
using Flywheel.Abstractions.Replicas;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Governance;
using Flywheel.Domain.Governance.Proposals;
using Flywheel.Domain.Governance.Trials;
using Flywheel.Domain.Scoring;
using Flywheel.Grains.Agents;
using Flywheel.Grains.Replicas;
using Flywheel.Grains.Storage;
using Flywheel.Signals;
using Orleans.Storage;

namespace Flywheel.Grains.Messaging;

/// <summary>
/// The proposals and the history of one campaign, by its id. Owns both, durable before it answers; asks the copywriter, and once more where no
/// answer came in time or the activation that asked is gone. Called when messaging is asked for, written or decided on, never per decision
/// or signal.
/// </summary>
/// <remarks>
/// It reviews what was written itself: the rules are pure and take milliseconds, and have to look at what is served at that moment.
/// </remarks>
[CollectionAgeLimit(Minutes = 2)]
[GrainType("flywheel.messaging")]
public sealed class MessagingGrain(
    [PersistentState("messaging", StorageNames.Default)] IPersistentState<MessagingState> state,
    CampaignReplica replica,
    ReplicaPublisher replicas,
    WritingDesk desk,
    IMessagingMeter meter,
    TimeProvider time) : Grain, IMessagingGrain
{
    /// <summary>How long an answer may take. A model's own time limit is 10 minutes at most.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(30);

    private static readonly MessagingOutcome Unknown = new(IsUnknown: true);

    /// <summary>Requests that this activation asked for; others were asked for by one that is gone.</summary>
    private readonly HashSet<string> _asked = [];
    private IGrainTimer? _look;

    /// <summary>What the list of those that await a person was told last.</summary>
    private MessagingStandingMessage? _noted;

    private string Id => this.GetPrimaryKeyString();

    private ICampaignGrain Campaign => GrainFactory.GetGrain<ICampaignGrain>(Id);

    private IAwaitingGrain Awaiting => GrainFactory.GetGrain<IAwaitingGrain>(AwaitingParts.Of(Id));

    private IOpenRequestsGrain OpenRequests => GrainFactory.GetGrain<IOpenRequestsGrain>(0);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (!state.State.Open.IsEmpty)
            LookAfterRequests(TimeSpan.Zero);
        return Task.CompletedTask;
    }

    public async Task<MessagingOutcome> RequestAsync(RequestMessage request, CancellationToken cancellationToken) =>
        await FindAsync(cancellationToken) is { } published
            ? await TakeAsync(published, Lifecycle.Request(state.State, published.Campaign, request.Trigger, request.Actor, desk.MostCost, time.GetUtcNow()), cancellationToken)
            : Unknown;

    public async Task<MessagingOutcome> RejectAsync(string proposal, string? comment, CancellationToken cancellationToken)
    {
        if (await FindAsync(cancellationToken) is not { } published)
            return Unknown;
        var outcome = await TakeAsync(published, Lifecycle.Reject(state.State, published.Campaign, proposal, comment, time.GetUtcNow()), cancellationToken);
        Tell(outcome.Proposal, "rejected");
        return outcome;
    }

    public async Task<MessagingOutcome> ReviseAsync(string proposal, string? comment, CancellationToken cancellationToken)
    {
        if (await FindAsync(cancellationToken) is not { } published)
            return Unknown;
        var outcome = await TakeAsync(published, Lifecycle.Revise(state.State, published.Campaign, proposal, comment, desk.MostCost, time.GetUtcNow()), cancellationToken);
        Tell(outcome.Proposal, "revised");
        return outcome;
    }

    public async Task<MessagingOutcome> EditAsync(EditMessage edit, CancellationToken cancellationToken) =>
        await FindAsync(cancellationToken) is { } published
            ? await TakeAsync(published, Lifecycle.Edit(state.State, published.Campaign, edit.Proposal, edit.Content, edit.Attributes, edit.Comment, time.GetUtcNow()), cancellationToken)
            : Unknown;

    public async Task<MessagingOutcome> OfferAsync(OfferMessage offer, CancellationToken cancellationToken)
    {
        if (await FindAsync(cancellationToken) is not { } published)
            return Unknown;
        var draft = new Draft(offer.Content, offer.Attributes);
        var outcome = await TakeAsync(
            published, Lifecycle.Offer(state.State, published.Campaign, published.Eligibility ?? Eligibility.All, offer.Slot, draft, offer.Writer, offer.Comment, time.GetUtcNow()), cancellationToken);
        if (outcome.Proposal is not null)
            meter.Proposed(1, 0);
        return outcome;
    }

    /// <summary>As with an approval, the campaign first: where the silo dies in between, undoing it again finishes.</summary>
    public async Task<MessagingOutcome> UndoAsync(string proposal, string? comment, CancellationToken cancellationToken)
    {
        if (await FindAsync(cancellationToken) is not { } published)
            return Unknown;
        if (Lifecycle.CheckUndo(state.State, proposal) is { } refusal)
            return new MessagingOutcome(refusal);
        if (state.State.Find(proposal) is { Status: ProposalStatus.Live } live)
        {
            var amended = await Campaign.AmendAsync(new AmendmentMessage(new Amendment(AmendmentKind.Retire, live.Slot, live.Module.Id)), cancellationToken);
            if (amended.Refused is { } refused)
                return new MessagingOutcome(Refusal.Conflict(refused));
            if (amended.Current?.Published is not { } current)
                return Unknown;
            published = current;
        }
        return await TakeAsync(published, Lifecycle.Undo(state.State, proposal, comment, time.GetUtcNow()), cancellationToken);
    }

    public async Task<MessagingOutcome> EndTrialAsync(TrialMessage trial, CancellationToken cancellationToken)
    {
        if (await FindAsync(cancellationToken) is not { } published)
            return Unknown;
        // What a person has pinned is not judged until it is unpinned.
        if (published.Eligibility?.Challengers.Any(challenger => challenger.Slot == trial.Slot && challenger.Module == trial.Module) != true
            || published.Eligibility.PinnedOf(trial.Slot) == trial.Module)
            return new MessagingOutcome();
        var kind = trial.Verdict == TrialVerdict.Promote ? AmendmentKind.Promote : AmendmentKind.Retire;
        var amended = await Campaign.AmendAsync(new AmendmentMessage(new Amendment(kind, trial.Slot, trial.Module)), cancellationToken);
        if (amended.Refused is { } refused)
            return new MessagingOutcome(Refusal.Conflict(refused));
        if (amended.Current?.Published is not { } current)
            return Unknown;
        var outcome = await TakeAsync(current, Lifecycle.EndTrial(state.State, trial.Slot, trial.Module, trial.Verdict, trial.Resonance, time.GetUtcNow()), cancellationToken);
        meter.Judged(trial.Verdict);
        return outcome;
    }

    public async Task<MessagingOutcome> SwitchAsync(bool stopped, CancellationToken cancellationToken) =>
        await FindAsync(cancellationToken) is { } published
            ? await TakeAsync(published, Lifecycle.Switch(state.State, stopped, time.GetUtcNow()), cancellationToken)
            : Unknown;

    public async Task<MessagingOutcome> ApproveAsync(string proposal, int? revision, string? comment, CancellationToken cancellationToken) =>
        await FindAsync(cancellationToken) is { } published ? await ApproveAsync(published, proposal, Lifecycle.Person, revision, comment, cancellationToken) : Unknown;

    public async Task DeliverAsync(DeliveryMessage delivery, CancellationToken cancellationToken)
    {
        if (await FindAsync(cancellationToken) is not { } published || published.Incarnation != delivery.Incarnation)
            return;
        var previous = state.State;
        var step = Lifecycle.Propose(previous, published.Campaign, published.Eligibility ?? Eligibility.All, delivery.Delivery, time.GetUtcNow());
        await TakeAsync(published, step, cancellationToken);
        var made = (int)(step.State.NextProposal - previous.NextProposal);
        meter.Proposed(step.Proposal is null ? 0 : 1, step.Proposal is null ? made : made - 1);
        if (step.Proposal is { } proposal && Lifecycle.MayGoLiveByItself(published.Campaign, proposal))
            await ApproveAsync(published, proposal.Id, Lifecycle.Auto, proposal.Revision, null, cancellationToken);
    }

    public async Task<ProposalsMessage?> ListAsync(CancellationToken cancellationToken) =>
        await FindAsync(cancellationToken) is null ? null : new ProposalsMessage(state.State.Proposals);

    public async Task<HistoryMessage?> ReadHistoryAsync(long before, int most, CancellationToken cancellationToken)
    {
        if (await FindAsync(cancellationToken) is null)
            return null;
        var current = state.State;
        var entries = ImmutableArray.CreateBuilder<HistoryEntry>();
        Add(current.History);
        var page = Math.Min(current.NextPage - 1, (before - 1) / MessagingState.PageEntries);
        for (; entries.Count < most && page >= current.FirstPage; page--)
            Add((await Page(page).ReadAsync(cancellationToken)).Entries);
        return new HistoryMessage(entries.ToImmutable());

        void Add(ImmutableArray<HistoryEntry> some) => entries.AddRange(some.Reverse().Where(entry => entry.Number < before).Take(most - entries.Count));
    }

    public Task CatchUpAsync(CancellationToken cancellationToken) => FindAsync(cancellationToken);

    public async Task WakeAsync(CancellationToken cancellationToken)
    {
        // Being activated was enough where there are some.
        if (state.State.Open.IsEmpty || await FindAsync(cancellationToken) is null)
            await OpenRequests.RemoveAsync(Id, cancellationToken);
    }

    public async Task ForgetAsync(CancellationToken cancellationToken)
    {
        await OpenRequests.RemoveAsync(Id, cancellationToken);
        await Awaiting.ForgetAsync(Id, cancellationToken);
        await ForgetPagesAsync(cancellationToken);
        await state.ClearStateAsync(cancellationToken);
        state.State = MessagingState.Empty;
        DeactivateOnIdle();
    }

    /// <summary>
    /// The campaign first, then the proposal: where the silo dies in between, the proposal is still pending while its module is served, and
    /// approving it again finishes, since adding the same module twice changes nothing.
    /// </summary>
    private async Task<MessagingOutcome> ApproveAsync(PublishedCampaign published, string id, string by, int? revision, string? comment, CancellationToken cancellationToken)
    {
        var named = Lifecycle.FreeId(state.State, id, published.Campaign, published.Eligibility ?? Eligibility.All, time.GetUtcNow());
        if (Lifecycle.CheckApproval(named.State, id, published.Campaign, revision) is { } refusal)
            return new MessagingOutcome(refusal);
        // Another id is stored before the campaign has it, so that an approval that is cut off finds its module again.
        await TakeAsync(published, named, cancellationToken);
        var proposal = state.State.Find(id)!;
        var slot = published.Campaign.Slots.First(slot => slot.Id == proposal.Slot);
        var isFull = slot.Modules.Length >= Lifecycle.MaxModules(published.Campaign) && !slot.Modules.Any(module => module.Id == proposal.Module.Id);
        (string Id, Figure? Chance)? weakest = isFull ? FindWeakest(slot, published.Eligibility?.PinnedOf(slot.Id)) : null;
        var amendment = new Amendment(AmendmentKind.Add, slot.Id, proposal.Module.Id)
        {
            Module = proposal.Module,
            MaxShare = Lifecycle.ShareOf(published.Campaign, by),
            Retires = weakest?.Id,
        };
        var amended = await Campaign.AmendAsync(new AmendmentMessage(amendment), cancellationToken);
        if (amended.Refused is { } refused)
            return new MessagingOutcome(Refusal.Conflict(refused));
        if (amended.Current?.Published is not { } current)
            return Unknown;
        var share = Math.Max(amendment.MaxShare, ControlPart.Of(current.Campaign, current.Campaign.Slots.First(each => each.Id == slot.Id)));
        var step = Lifecycle.Approve(state.State, id, by, comment, VersionOf(current, slot.Id, proposal.Module.Id), share, weakest, time.GetUtcNow());
        var outcome = await TakeAsync(current, step, cancellationToken);
        Tell(outcome.Proposal, by == Lifecycle.Auto ? "auto" : "approved");
        return outcome;
    }

    /// <summary>As this silo knows the segments: where it knows none, the first module of the document makes room.</summary>
    /// <param name="pinned">The module that stays in any case; null for none.</param>
    private (string Id, Figure? Chance) FindWeakest(Slot slot, string? pinned)
    {
        var known = replica.Find(Id);
        var place = known?.Published.Campaign.Slots.Select(each => each.Id).ToList().IndexOf(slot.Id) ?? -1;
        return WeakestModule.Of(slot, place < 0 ? [] : known!.Segments.Select(segment => segment.Served).OfType<ServedSegment>()
            .Where(served => place < served.Fit.Modules.Length)
            .Select(served => (served.Counts.Randomised.Impressions, served.Fit.Modules[place])), pinned);
    }

    private static int VersionOf(PublishedCampaign published, string slot, string module)
    {
        var place = published.Campaign.Slots.Select(each => each.Id).ToList().IndexOf(slot);
        return published.Versions[place][published.Campaign.Slots[place].Modules.Select(each => each.Id).ToList().IndexOf(module)];
    }

    /// <summary>
    /// The campaign in force; null where there is none. What was done to it is in the history from then on, and what belongs to an earlier life of
    /// its id is forgotten.
    /// </summary>
    private async Task<PublishedCampaign?> FindAsync(CancellationToken cancellationToken)
    {
        if (await Campaign.ReportAsync(state.State.Incarnation, state.State.Told, cancellationToken) is not { Published: { } published } report)
            return null;
        await StartLifeAsync(published.Incarnation, cancellationToken);
        var next = Lifecycle.Take(state.State, report.Untold);
        if (!ReferenceEquals(next, state.State))
            await SaveAsync(next, cancellationToken);
        else if (_noted is null && next.NextEntry > 0)
            await TellLostAsync(cancellationToken);
        return published;
    }

    /// <summary>Once in each activation: the one before may have died before it told how its last step left things.</summary>
    private async Task TellLostAsync(CancellationToken cancellationToken)
    {
        try
        {
            await TellStandingAsync(cancellationToken);
        }
        catch (Exception e) when (e is StoreUnavailableException or InconsistentStateException or OrleansException or TimeoutException)
        {
            // With the next step.
        }
    }

    private async Task StartLifeAsync(ulong incarnation, CancellationToken cancellationToken)
    {
        if (state.State.Incarnation == incarnation)
            return;
        if (state.State.Incarnation != 0)
            await ForgetPagesAsync(cancellationToken);
        state.State = MessagingState.Empty with { Incarnation = incarnation };
    }

    /// <summary>Stores a step; where it opened a request, asks for it.</summary>
    private async Task<MessagingOutcome> TakeAsync(PublishedCampaign published, Transition step, CancellationToken cancellationToken)
    {
        if (step.Refusal is not null)
            return new MessagingOutcome(step.Refusal);
        // Before it is stored as open: a silo that dies in between leaves one name too many, not one too few.
        if (step.Opened is not null && state.State.Open.IsEmpty)
            await OpenRequests.AddAsync(Id, cancellationToken);
        if (!ReferenceEquals(step.State, state.State))
            await SaveAsync(step.State, cancellationToken);
        if (step.Opened is { } opened)
        {
            await AskAsync(published, opened);
            LookAfterRequests(LookEvery);
        }
        return new MessagingOutcome { Request = step.Opened?.Id, Proposal = step.Proposal };
    }

    private async Task SaveAsync(MessagingState next, CancellationToken cancellationToken)
    {
        await this.ReplaceAsync(state, next, cancellationToken);
        try
        {
            await TellStandingAsync(cancellationToken);
            await TurnPagesAsync(cancellationToken);
        }
        catch (Exception e) when (e is StoreUnavailableException or InconsistentStateException or OrleansException or TimeoutException)
        {
            // The step is durable. How it stands is told, and the page turned, with the next one.
        }
    }

    /// <summary>Notes what awaits a person, then tells every silo, and does not wait for those: one that was not told looks at what is noted.</summary>
    private async Task TellStandingAsync(CancellationToken cancellationToken)
    {
        var current = state.State;
        var standing = new MessagingStandingMessage(
            Id, current.Incarnation, current.NextEntry, current.Proposals.Count(proposal => proposal.Status == ProposalStatus.Pending), current.Budget.IsStopped);
        if (_noted is null || _noted with { Entries = standing.Entries } != standing)
        {
            await Awaiting.NoteAsync(standing, cancellationToken);
            _noted = standing;
        }
        replicas.PutMessagingAsync(standing).Ignore();
    }

    /// <summary>Only entries that are durable go into a page, so that it never has to be written again.</summary>
    private async Task TurnPagesAsync(CancellationToken cancellationToken)
    {
        while (state.State is { History.Length: >= MessagingState.PageEntries } full)
        {
            await Page(full.NextPage).WriteAsync(new HistoryMessage(full.History[..MessagingState.PageEntries]), cancellationToken);
            var turned = full.WithoutPage();
            if (turned.FirstPage > full.FirstPage)
                await Page(full.FirstPage).ForgetAsync(cancellationToken);
            if (!ReferenceEquals(state.State, full))
                return;
            await this.ReplaceAsync(state, turned, cancellationToken);
        }
    }

    private async Task ForgetPagesAsync(CancellationToken cancellationToken)
    {
        // The next page too: it may have been written before the state was.
        for (var page = state.State.FirstPage; page <= state.State.NextPage; page++)
            await Page(page).ForgetAsync(cancellationToken);
    }

    private IHistoryPageGrain Page(long page) => GrainFactory.GetGrain<IHistoryPageGrain>($"{Id}/{page}");

    private void LookAfterRequests(TimeSpan due) =>
        _look ??= this.RegisterGrainTimer(LookAsync, new GrainTimerCreationOptions(due, LookEvery) { KeepAlive = true });

    /// <summary>Asks once more for what was not answered in time or was asked for before this activation, and gives up on what was asked for twice.</summary>
    private async Task LookAsync(CancellationToken cancellationToken)
    {
        if (!state.State.Open.IsEmpty && await FindAsync(cancellationToken) is { } published)
        {
            var now = time.GetUtcNow();
            var (next, again) = (state.State, new List<OpenRequest>());
            foreach (var lost in state.State.Open.Where(open => !_asked.Contains(open.Id) || now - open.AskedAt > Patience))
            {
                if (Lifecycle.AskAgain(lost, now) is { } once)
                {
                    next = next with { Open = next.Open.Replace(lost, once) };
                    again.Add(once);
                }
                else
                {
                    // What the lost call cost is not known: what was set aside counts as spent.
                    next = Lifecycle.Fail(next, lost.Id, lost.Granted.Reserved, "no answer came, twice", now).State;
                }
            }
            if (!ReferenceEquals(next, state.State))
                await SaveAsync(next, cancellationToken);
            foreach (var request in again)
                await AskAsync(published, request);
        }
        _asked.IntersectWith(state.State.Open.Select(open => open.Id));
        if (state.State.Open.IsEmpty)
        {
            // The timer last: disposing of it cancels this call.
            await OpenRequests.RemoveAsync(Id, cancellationToken);
            _look?.Dispose();
            _look = null;
        }
    }

    /// <summary>An order that is lost, or finds the desk full, is given once more when its time is up.</summary>
    private async Task AskAsync(PublishedCampaign published, OpenRequest request)
    {
        _asked.Add(request.Id);
        if (published.Campaign.Slots.FirstOrDefault(slot => slot.Id == request.Trigger.Slot) is not { } slot)
            return;
        var order = new WritingOrderMessage(published.Incarnation, request, slot, published.Campaign.Brief, state.State.SpentFor(slot.Id));
        try
        {
            await GrainFactory.GetGrain<ICopywriterGrain>(Id).WriteAsync(order, CancellationToken.None);
        }
        catch (Exception e) when (e is OrleansException or TimeoutException)
        {
            // The silo that was to write is gone.
        }
    }

    private void Tell(Proposal? decided, string outcome)
    {
        if (decided is { DecidedAt: { } at })
            meter.Decided(outcome, at - decided.CreatedAt);
    }
}
