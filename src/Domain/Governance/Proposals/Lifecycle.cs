using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Governance.Languages;
using Flywheel.Domain.Governance.Trials;
using Flywheel.Domain.Messaging.Budgets;
using Flywheel.Domain.Messaging.Triggers;
using Flywheel.Domain.Scoring;

namespace Flywheel.Domain.Governance.Proposals;

/// <summary>The steps of the life of proposals. Pure: each makes a new state, with what the history says of it, or says why not.</summary>
public static partial class Lifecycle
{
    /// <summary>Times that a writer is asked for the same: what was lost on the way is asked for once more.</summary>
    public const int MostAttempts = 2;

    public const string Person = "person";
    public const string Agents = "agents";
    public const string Auto = "auto";

    private static readonly string NoRoom =
        $"{MessagingState.MostProposals} proposals wait for a decision or are served, which is the most; decide on some of those that wait, then ask again";

    public const int DefaultMaxModules = 8;
    public const double DefaultShare = 0.1;
    public const AutoRisk DefaultRisk = AutoRisk.Info;

    /// <summary>Opens a request for new messaging.</summary>
    /// <param name="most">The most that writing may cost.</param>
    public static Transition Request(MessagingState state, Campaign document, Trigger trigger, string actor, ModelCost most, DateTimeOffset now) =>
        Open(state, document, trigger, actor, most, now, revised: null, comment: null);

    /// <summary>Counts one more attempt at a request; null where it was asked for often enough.</summary>
    public static OpenRequest? AskAgain(OpenRequest request, DateTimeOffset now) =>
        request.Attempts < MostAttempts ? request with { Attempts = request.Attempts + 1, AskedAt = now } : null;

    /// <summary>Closes a request that brought nothing. A request that is not open changes nothing.</summary>
    public static Transition Fail(MessagingState state, string request, ModelCost cost, string why, DateTimeOffset now)
    {
        if (state.Open.FirstOrDefault(open => open.Id == request) is not { } open)
            return new Transition(state);
        return new Transition(Close(state, open, cost, now).With(Entry(open, HistoryKind.Failed, now) with { Comment = why }));
    }

    /// <summary>
    /// Takes a writer's answer. The rules look at every draft, and what a reviewer found comes on top; those that are blocked are kept as
    /// blocked, and the best of the others becomes the proposal: the one with the mildest findings, the writer's order where they are equal.
    /// The history alone keeps the rest. An answer to a request that is not open changes nothing: it is the second one, or too late.
    /// </summary>
    /// <param name="document">What is served now.</param>
    /// <param name="eligibility">What may be.</param>
    public static Transition Propose(MessagingState state, Campaign document, Eligibility eligibility, Delivery delivery, DateTimeOffset now)
    {
        if (state.Open.FirstOrDefault(open => open.Id == delivery.Request) is not { } request)
            return new Transition(state);
        Transition Nothing(string why) => Fail(state, request.Id, delivery.Cost, why, now);
        if (document.Slots.FirstOrDefault(slot => slot.Id == request.Trigger.Slot) is not { } slot)
            return Nothing($"the campaign has no slot {request.Trigger.Slot} any more");
        if (delivery.IsFailure || delivery.Drafts.IsEmpty)
            return Nothing(delivery.Note ?? "the writer had nothing to offer");
        if (state.Budget.IsStopped || ModeOf(document) == GovernanceMode.Off)
            return Nothing("the agents were stopped meanwhile");
        if (!HasRoom(state))
            return Nothing(NoRoom);
        var next = Close(state, request, delivery.Cost, now);
        var (refused, pending) = (state.RefusedFor(slot.Id), state.PendingFor(slot.Id));
        var reviewed = delivery.Drafts
            .Select(draft => (Draft: draft, Findings: Guardrails.Tighten(
                Guardrails.Check(new Candidate { Slot = slot, Content = draft.Content, Attributes = draft.Attributes }, document.Brief, slot.Modules, refused, pending),
                draft.Findings)))
            .OrderBy(reviewed => reviewed.Findings.IsEmpty ? -1 : (int)reviewed.Findings.Max(finding => finding.Severity))
            .ToList();
        Proposal? best = null;
        foreach (var (draft, findings) in reviewed)
        {
            var isBlocked = Guardrails.Blocks(findings);
            var proposal = NewProposal(next, slot, eligibility, request, draft, now) with
            {
                Writer = delivery.Writer,
                Findings = findings,
                Reason = request.Trigger.Reason(LanguageOf(document)),
                Hypothesis = request.Trigger.Hypothesis(LanguageOf(document)),
                Status = isBlocked ? ProposalStatus.Blocked : ProposalStatus.Pending,
            };
            if (!isBlocked && best is not null)
            {
                next = next.With(Entry(request, HistoryKind.PassedOver, now) with { Module = null, Writer = delivery.Writer, Findings = findings, Content = proposal.Module });
                continue;
            }
            best ??= isBlocked ? null : proposal;
            next = Add(next, proposal, Agents, now);
        }
        return new Transition(next) { Proposal = best };
    }

    /// <summary>
    /// A proposal that waits gets another id for its module where its own was taken meanwhile: another module of a person's document has it.
    /// Nothing changes where it is free, and where what has it is the proposal's own module (its approval was cut off).
    /// </summary>
    /// <param name="document">What is served now.</param>
    /// <param name="eligibility">What may be.</param>
    public static Transition FreeId(MessagingState state, string id, Campaign document, Eligibility eligibility, DateTimeOffset now)
    {
        if (Pending(state, id, out _) is not { } proposal || document.Slots.FirstOrDefault(slot => slot.Id == proposal.Slot) is not { } slot)
            return new Transition(state);
        var holder = slot.Modules.FirstOrDefault(module => module.Id == proposal.Module.Id)
            ?? eligibility.Stopped.FirstOrDefault(stopped => stopped.Slot == slot.Id && stopped.Module.Id == proposal.Module.Id)?.Module;
        if (holder is null || holder.Content.Equals(proposal.Module.Content))
            return new Transition(state);
        var renamed = proposal with { Module = proposal.Module with { Id = ModuleIds.Next(slot, eligibility, state.Proposals) } };
        var entry = Entry(renamed, Agents, HistoryKind.Edited, now) with
        {
            Content = renamed.Module,
            Comment = $"{proposal.Module.Id} is another module of {slot.Id} now; this one becomes {renamed.Module.Id}",
        };
        return new Transition(Replace(state, renamed).With(entry)) { Proposal = renamed };
    }

    /// <summary>Why a proposal cannot go live now, with what the rules say of it against what is served now; null where it can.</summary>
    /// <param name="revision">What whoever decides has seen (<see cref="Proposal.Revision"/>); null where that was not said.</param>
    public static Refusal? CheckApproval(MessagingState state, string id, Campaign document, int? revision = null)
    {
        if (Pending(state, id, out var refusal) is not { } proposal)
            return refusal;
        if (revision is { } seen && seen != proposal.Revision)
            return Refusal.Conflict($"revision: came {seen}; expected {proposal.Revision}: {id} has been rewritten; read it again and decide on what it says now");
        if (document.Slots.FirstOrDefault(slot => slot.Id == proposal.Slot) is not { } slot)
            return Refusal.Conflict($"the campaign has no slot {proposal.Slot} any more");
        if (MaxModules(document) < 2)
            return Refusal.Conflict("governance.maxModulesPerSlot is 1: a new module has nothing to be tried against");
        var candidate = new Candidate { Slot = slot, Content = proposal.Module.Content, Attributes = proposal.Module.Attributes };
        var findings = Guardrails.Check(candidate, document.Brief, slot.Modules.RemoveAll(module => module.Id == proposal.Module.Id), state.RefusedFor(slot.Id));
        var block = findings.FirstOrDefault(finding => finding.Severity == FindingSeverity.Block);
        return block is null ? null : Refusal.Conflict($"{id} may not be served as things are now: {block.Rule}: {block.Text}");
    }

    /// <summary>True where the engine may let it go live by itself: in mode <c>auto</c>, in a slot where it may, with no graver finding than it may pass over.</summary>
    public static bool MayGoLiveByItself(Campaign document, Proposal proposal)
    {
        if (document.Governance is not { Mode: GovernanceMode.Auto } governance || governance.Auto is { Slots.IsEmpty: false } auto && !auto.Slots.Contains(proposal.Slot))
            return false;
        FindingSeverity? gravest = (governance.Auto?.Risk ?? DefaultRisk) switch
        {
            AutoRisk.None => null,
            AutoRisk.Info => FindingSeverity.Info,
            _ => FindingSeverity.Warning,
        };
        // That nobody has reviewed it is no finding on it that could be passed over.
        return proposal.Findings.All(finding => finding.Severity <= gravest && finding.Rule != Draft.ReviewerMissing);
    }

    /// <summary>The most of a segment's traffic that a module may take while it is on trial, by who let it go live.</summary>
    public static double ShareOf(Campaign document, string by) =>
        (by == Auto ? document.Governance?.Auto?.Share : null) ?? document.Governance?.ChallengerShare ?? DefaultShare;

    /// <summary>A proposal goes live, once the campaign serves its module.</summary>
    /// <param name="by">Who decided.</param>
    /// <param name="version">The version that the module is served as.</param>
    /// <param name="share">The most of a segment's traffic that it may take.</param>
    /// <param name="retired">The module that made room for it, and its chance of being the best of the slot where that is known; null for none.</param>
    public static Transition Approve(
        MessagingState state, string id, string by, string? comment, int version, double share, (string Id, Figure? Chance)? retired, DateTimeOffset now)
    {
        if (Pending(state, id, out var refusal) is not { } proposal)
            return new Transition(state, refusal);
        var live = proposal with { Status = ProposalStatus.Live, DecidedAt = now, DecidedBy = by, Comment = comment, Version = version, Share = share };
        var next = Replace(state, live).With(Entry(live, by, HistoryKind.Approved, now) with { Share = share });
        if (retired is { } weakest)
            next = End(next, new HistoryEntry(now, by, HistoryKind.Retired)
            {
                Slot = proposal.Slot,
                Module = weakest.Id,
                Comment = $"made room for {proposal.Module.Id}",
                Evidence = weakest.Chance is { } chance ? [chance] : [],
            }).State;
        return new Transition(next) { Proposal = live };
    }

    public static Transition Reject(MessagingState state, Campaign document, string id, string? comment, DateTimeOffset now)
    {
        if (Refusable(state, document, id, out var refusal) is not { } proposal)
            return new Transition(state, refusal);
        var rejected = proposal with { Status = ProposalStatus.Rejected, DecidedAt = now, DecidedBy = Person, Comment = comment };
        return new Transition(Replace(state, rejected).With(Entry(rejected, Person, HistoryKind.Rejected, now))) { Proposal = rejected };
    }

    /// <summary>Refuses a proposal and asks the writer again, with the comment.</summary>
    /// <param name="most">The most that writing may cost.</param>
    public static Transition Revise(MessagingState state, Campaign document, string id, string? comment, ModelCost most, DateTimeOffset now)
    {
        if (Refusable(state, document, id, out var refusal) is not { } proposal)
            return new Transition(state, refusal);
        var revised = proposal with { Status = ProposalStatus.Rejected, IsRevised = true, DecidedAt = now, DecidedBy = Person, Comment = comment };
        var told = Replace(state, revised).With(Entry(revised, Person, HistoryKind.Revised, now));
        var opened = Open(told, document, Trigger.Asked(proposal.Slot) with { Segment = proposal.Segment }, Person, most, now, proposal.Module, comment);
        return opened.Refusal is null ? opened with { Proposal = revised } : new Transition(state, opened.Refusal);
    }

    /// <summary>
    /// A person rewrites a proposal that waits: the rules look at it as they did at the first version, and whoever decides has to look again. What
    /// they would block changes nothing.
    /// </summary>
    public static Transition Edit(
        MessagingState state, Campaign document, string id, ModuleContent content, ImmutableSortedDictionary<string, string> attributes, string? comment, DateTimeOffset now)
    {
        if (Refusable(state, document, id, out var refusal) is not { } proposal)
            return new Transition(state, refusal);
        if (document.Slots.FirstOrDefault(slot => slot.Id == proposal.Slot) is not { } slot)
            return new Transition(state, Refusal.Conflict($"the campaign has no slot {proposal.Slot} any more"));
        var findings = Guardrails.Check(new Candidate { Slot = slot, Content = content, Attributes = attributes }, document.Brief, slot.Modules, state.RefusedFor(slot.Id));
        if (findings.FirstOrDefault(finding => finding.Severity == FindingSeverity.Block) is { } block)
            return new Transition(state, Refusal.Invalid("content", $"what the guardrail {block.Rule} blocks ({block.Text})", "content that passes the guardrails"));
        var edited = proposal with { Module = proposal.Module with { Content = content, Attributes = attributes }, Edits = proposal.Edits + 1, Writer = ProposalWriter.Person, Findings = findings };
        return new Transition(Replace(state, edited).With(Entry(edited, Person, HistoryKind.Edited, now) with { Content = edited.Module, Findings = findings, Comment = comment })) { Proposal = edited };
    }

    /// <summary>Why a decision cannot be undone; null where it can: of one that is live nothing is known yet, of one that was refused no revision was asked for.</summary>
    public static Refusal? CheckUndo(MessagingState state, string id) => state.Find(id) switch
    {
        null => Refusal.Missing($"there is no proposal {id}"),
        { Status: ProposalStatus.Live, Outcome: null } or { Status: ProposalStatus.Rejected, IsRevised: false } => null,
        { Status: ProposalStatus.Pending } => Refusal.Conflict($"{id} was not decided on yet"),
        { Status: ProposalStatus.Live } => Refusal.Conflict($"the trial of {id} is over: stop its module instead"),
        { IsRevised: true } => Refusal.Conflict($"{id} is being written anew: decide on what comes of it"),
        var other => Refusal.Conflict($"{id} is {CamelCase(other.Status)}: there is nothing to undo"),
    };

    /// <summary>A person takes a decision back: what went live is retired, once the campaign serves it no more, and what was refused waits again.</summary>
    public static Transition Undo(MessagingState state, string id, string? comment, DateTimeOffset now)
    {
        if (CheckUndo(state, id) is { } refusal)
            return new Transition(state, refusal);
        var proposal = state.Find(id)!;
        if (proposal.Status == ProposalStatus.Live)
            return End(state, new HistoryEntry(now, Person, HistoryKind.Retired) { Slot = proposal.Slot, Module = proposal.Module.Id, Comment = comment ?? "the approval was undone" });
        var reopened = proposal with { Status = ProposalStatus.Pending, DecidedAt = null, DecidedBy = null, Comment = null };
        return new Transition(Replace(state, reopened).With(Entry(reopened, Person, HistoryKind.Reopened, now) with { Comment = comment })) { Proposal = reopened };
    }

    /// <summary>The trial of a module ends: it stays without a bound, or leaves.</summary>
    /// <param name="verdict">Anything but <see cref="TrialVerdict.Continue"/>.</param>
    /// <param name="resonance">What the verdict stands on.</param>
    public static Transition EndTrial(MessagingState state, string slot, string module, TrialVerdict verdict, Figure resonance, DateTimeOffset now)
    {
        var kind = verdict switch
        {
            TrialVerdict.Promote => HistoryKind.Promoted,
            TrialVerdict.RollBack => HistoryKind.RolledBack,
            TrialVerdict.Retire => HistoryKind.Retired,
            _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "Expected a verdict that ends the trial."),
        };
        return End(state, new HistoryEntry(now, Agents, kind)
        {
            Slot = slot,
            Module = module,
            Share = kind == HistoryKind.Promoted ? 1 : null,
            Comment = string.Create(CultureInfo.InvariantCulture, $"resonance {resonance.Value:F0} ({resonance.Low:F0} to {resonance.High:F0}; 100 is the slot's average) over {resonance.N} impressions"),
            Evidence = double.IsFinite(resonance.High) ? [resonance] : [],
        });
    }

    /// <summary>Takes what was done to the campaign into the history, each entry once; a proposal ends with its module.</summary>
    /// <param name="untold">As the campaign numbered it; what was taken before is passed over.</param>
    public static MessagingState Take(MessagingState state, ImmutableArray<HistoryEntry> untold)
    {
        foreach (var entry in untold.Where(entry => entry.Number > state.Told))
            state = End(state, entry).State with { Told = entry.Number };
        return state;
    }

    /// <summary>
    /// Something was done to a module: the history says so, with the proposal that it came from; where the module was promoted or is served no more, that is
    /// the proposal's outcome; and where a person's document words it differently, that retires the proposal.
    /// </summary>
    private static Transition End(MessagingState state, HistoryEntry entry)
    {
        if (state.Proposals.FirstOrDefault(other => other.Slot == entry.Slot && other.Module.Id == entry.Module && other.Status == ProposalStatus.Live) is not { } live)
            return new Transition(state.With(entry));
        var told = entry with { Proposal = live.Id, Request = live.Request, Version = entry.Version ?? live.Version, Writer = entry.Writer ?? live.Writer };
        if (entry is { Kind: HistoryKind.Changed, Content.Content: { } put } && !put.Equals(live.Module.Content))
        {
            return End(state.With(told), new HistoryEntry(entry.At, entry.Actor, HistoryKind.Retired)
            {
                Slot = entry.Slot,
                Module = entry.Module,
                Version = live.Version,
                Writer = live.Writer,
                Comment = "a person's document has other content for it",
            });
        }
        if (entry.Kind is not (HistoryKind.Promoted or HistoryKind.Retired or HistoryKind.RolledBack))
            return new Transition(state.With(told)) { Proposal = live };
        var ended = live with
        {
            Status = entry.Kind switch { HistoryKind.Retired => ProposalStatus.Retired, HistoryKind.RolledBack => ProposalStatus.RolledBack, _ => ProposalStatus.Live },
            Outcome = new ProposalOutcome(entry.Kind, entry.At, entry.Comment, entry.Evidence),
        };
        return new Transition(Replace(state, ended).With(told)) { Proposal = ended };
    }

    /// <summary>The one switch of a campaign's agents. Set as it was already, it changes nothing.</summary>
    public static Transition Switch(MessagingState state, bool stopped, DateTimeOffset now) => state.Budget.IsStopped == stopped
        ? new Transition(state)
        : new Transition((state with { Budget = state.Budget with { IsStopped = stopped } }).With(new HistoryEntry(now, Person, stopped ? HistoryKind.AgentsStopped : HistoryKind.AgentsResumed)));

    public static GovernanceMode ModeOf(Campaign document) => document.Governance?.Mode ?? GovernanceMode.Approve;

    /// <summary>Modules that a slot may hold once proposals go live.</summary>
    public static int MaxModules(Campaign document) => document.Governance?.MaxModulesPerSlot ?? DefaultMaxModules;

    private static string LanguageOf(Campaign document) => document.Brief?.Language ?? "en";

    private static Transition Open(MessagingState state, Campaign document, Trigger trigger, string actor, ModelCost most, DateTimeOffset now, Module? revised, string? comment)
    {
        if (!document.Slots.Any(slot => slot.Id == trigger.Slot))
            return new Transition(state, NoSlot(document, trigger.Slot));
        if (ModeOf(document) == GovernanceMode.Off)
            return new Transition(state, ModeIsOff);
        if (document.Brief?.Language is { } language && !string.IsNullOrWhiteSpace(language) && WrittenLanguage.Of(language) is null)
            return new Transition(state, Refusal.Invalid("brief.language", $"\"{language}\"", "fr or en: messages are written in these alone"));
        if (!HasRoom(state))
            return new Transition(state, Refusal.Conflict(NoRoom));
        if (state.Open.Length >= MessagingState.MostOpen)
            return new Transition(state, Refusal.Conflict($"{MessagingState.MostOpen} requests are being written, which is the most; ask again once they are answered"));
        var limits = BudgetLimits.Of(document.Governance);
        var (budget, verdict) = (state.Budget with { Limits = limits }).TryTake(now, trigger, most);
        if (!verdict.IsGranted)
            return new Transition(state, Refusal.Conflict(Describe(verdict, limits, most)));
        var request = new OpenRequest($"r-{state.NextRequest}", actor, trigger, verdict, now) { Comment = comment, Revises = revised };
        var entry = Entry(request, HistoryKind.Requested, now) with
        {
            Actor = actor,
            Trigger = CamelCase(trigger.Kind),
            Hypothesis = trigger.Hypothesis(LanguageOf(document)),
            Wanted = trigger.Attribute,
            Brief = Tellable(document.Brief),
            Evidence = trigger.Evidence,
            Comment = comment ?? trigger.Reason(LanguageOf(document)),
        };
        return new Transition((state with { Budget = budget, Open = state.Open.Add(request), NextRequest = state.NextRequest + 1 }).With(entry)) { Opened = request };
    }

    private static string Describe(BudgetVerdict verdict, BudgetLimits limits, ModelCost most) => verdict.Decision switch
    {
        BudgetDecision.Stopped => "the agents of this campaign are stopped; resume them first (POST …/agents/resume)",
        BudgetDecision.CoolingDown => "the same was acted upon a short while ago",
        BudgetDecision.NoProposalsLeft => $"the proposals of the day are used up ({limits.ProposalsPerDay}, governance.proposalsPerDay); more from 00:00 UTC on",
        BudgetDecision.NoTokensLeft => $"a request may take {most.Tokens} tokens, and fewer are left of the day's {limits.TokensPerDay} (governance.tokensPerDay); more from 00:00 UTC on",
        _ => string.Create(CultureInfo.InvariantCulture, $"a request may cost {most.MoneyMicros / 1e6}, and less is left of the day's {limits.MoneyMicrosPerDay / 1e6} (governance.costPerDay); more from 00:00 UTC on"),
    };

    private static MessagingState Close(MessagingState state, OpenRequest request, ModelCost cost, DateTimeOffset now) =>
        state with { Open = state.Open.Remove(request), Budget = state.Budget.Settle(now, request.Granted, cost) };

    private static Proposal NewProposal(MessagingState state, Slot slot, Eligibility eligibility, OpenRequest request, Draft draft, DateTimeOffset now) => new()
    {
        Id = $"p-{state.NextProposal}",
        Slot = slot.Id,
        CreatedAt = now,
        Module = new Module { Id = ModuleIds.Next(slot, eligibility, state.Proposals), Content = draft.Content, Attributes = draft.Attributes },
        Replaces = request.Trigger.Module,
        Segment = request.Trigger.Segment,
        Evidence = request.Trigger.Evidence,
        Request = request.Id,
    };

    /// <summary>Whether another proposal can be kept: what waits for a decision or is served makes no room.</summary>
    private static bool HasRoom(MessagingState state) => state.Proposals.Length < MessagingState.MostProposals || state.Proposals.Any(proposal => proposal.IsOver);

    /// <summary>Only where it <see cref="HasRoom"/>: one that is blocked is over, so that after each there is room for the next.</summary>
    private static MessagingState Add(MessagingState state, Proposal proposal, string actor, DateTimeOffset now)
    {
        var proposals = state.Proposals.Add(proposal);
        if (proposals.Length > MessagingState.MostProposals)
            proposals = proposals.Remove(proposals.First(other => other.IsOver));
        var kind = proposal.Status == ProposalStatus.Blocked ? HistoryKind.Blocked : HistoryKind.Proposed;
        return (state with { Proposals = proposals, NextProposal = state.NextProposal + 1 })
            .With(Entry(proposal, actor, kind, now) with { Evidence = proposal.Evidence, Findings = proposal.Findings, Comment = proposal.Reason, Content = proposal.Module });
    }

    /// <summary>The proposal where it waits for a decision.</summary>
    private static Proposal? Pending(MessagingState state, string id, out Refusal? refusal)
    {
        var proposal = state.Find(id);
        refusal = proposal switch
        {
            null => Refusal.Missing($"there is no proposal {id}"),
            { Status: ProposalStatus.Pending } => null,
            { Status: ProposalStatus.Blocked } => Refusal.Conflict($"{id} is blocked: a guardrail refused it"),
            _ => Refusal.Conflict($"{id} was decided on already: it is {CamelCase(proposal.Status)}"),
        };
        return refusal is null ? proposal : null;
    }

    private static Proposal? Refusable(MessagingState state, Campaign document, string id, out Refusal? refusal)
    {
        var proposal = Pending(state, id, out refusal);
        var slot = document.Slots.FirstOrDefault(slot => slot.Id == proposal?.Slot);
        if (slot?.Modules.Any(module => module.Id == proposal!.Module.Id && module.Content.Equals(proposal.Module.Content)) != true)
            return proposal;
        refusal = Refusal.Conflict($"{proposal!.Module.Id} is served already: an approval of {id} was cut off; approve it again, then stop the module");
        return null;
    }

    private static MessagingState Replace(MessagingState state, Proposal proposal) =>
        state with { Proposals = [.. state.Proposals.Select(other => other.Id == proposal.Id ? proposal : other)] };

    private static HistoryEntry Entry(OpenRequest request, HistoryKind kind, DateTimeOffset now) => new(now, Agents, kind)
    {
        Request = request.Id,
        Slot = request.Trigger.Slot,
        Module = request.Revises?.Id ?? request.Trigger.Module,
        Segment = request.Trigger.Segment,
    };

    private static HistoryEntry Entry(Proposal proposal, string actor, HistoryKind kind, DateTimeOffset now) => new(now, actor, kind)
    {
        Request = proposal.Request,
        Proposal = proposal.Id,
        Slot = proposal.Slot,
        Module = proposal.Module.Id,
        Segment = proposal.Segment,
        Version = proposal.Version,
        Writer = proposal.Writer,
        Comment = proposal.Comment,
    };

    /// <summary>The brief, where it is no longer than a module's content may be: there are 128 entries in a page.</summary>
    private static Brief? Tellable(Brief? brief) => brief is not null && JsonSerializer.SerializeToUtf8Bytes(brief).Length <= Limits.ContentBytes ? brief : null;

    private static string CamelCase<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
