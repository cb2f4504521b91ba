using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Messaging.Budgets;
using Flywheel.Domain.Messaging.Triggers;

namespace Flywheel.Domain.Governance.Proposals;

public static partial class Lifecycle
{
    /// <summary>
    /// Somebody proposes a module in words of their own, which nobody asked a writer for. It takes a proposal off the day's budget and waits for a
    /// person, whatever the governance's mode. The rules look at it as they do at every other; what they would block changes nothing.
    /// </summary>
    /// <param name="document">What is served now.</param>
    /// <param name="eligibility">What may be.</param>
    /// <param name="writer">Who wrote it: <see cref="ProposalWriter.Person"/> or <see cref="ProposalWriter.Model"/>.</param>
    /// <param name="comment">Why, as they say; null for nothing.</param>
    public static Transition Offer(
        MessagingState state, Campaign document, Eligibility eligibility, string slot, Draft draft, ProposalWriter writer, string? comment, DateTimeOffset now)
    {
        if (document.Slots.FirstOrDefault(each => each.Id == slot) is not { } place)
            return new Transition(state, NoSlot(document, slot));
        if (ModeOf(document) == GovernanceMode.Off)
            return new Transition(state, ModeIsOff);
        if (!HasRoom(state))
            return new Transition(state, Refusal.Conflict(NoRoom));
        var candidate = new Candidate { Slot = place, Content = draft.Content, Attributes = draft.Attributes };
        var findings = Guardrails.Check(candidate, document.Brief, place.Modules, state.RefusedFor(slot), state.PendingFor(slot));
        if (findings.FirstOrDefault(finding => finding.Severity == FindingSeverity.Block) is { } block)
            return new Transition(state, Refusal.Invalid("content", $"what the guardrail {block.Rule} blocks ({block.Text})", "content that passes the guardrails"));
        var limits = BudgetLimits.Of(document.Governance);
        var (budget, verdict) = (state.Budget with { Limits = limits }).TryTake(now, Trigger.Asked(slot));
        if (!verdict.IsGranted)
            return new Transition(state, Refusal.Conflict(Describe(verdict, limits, default)));
        var proposal = new Proposal
        {
            Id = $"p-{state.NextProposal}",
            Slot = slot,
            CreatedAt = now,
            Module = new Module { Id = ModuleIds.Next(place, eligibility, state.Proposals), Content = draft.Content, Attributes = draft.Attributes },
            Writer = writer,
            Findings = findings,
            Reason = comment ?? OfferReason(writer, LanguageOf(document)),
            Status = ProposalStatus.Pending,
        };
        return new Transition(Add(state with { Budget = budget }, proposal, writer == ProposalWriter.Person ? Person : Agents, now)) { Proposal = proposal };
    }

    private static string OfferReason(ProposalWriter writer, string language) => (writer, Scoring.Wording.IsFrench(language)) switch
    {
        (ProposalWriter.Person, true) => "une personne l’a proposé",
        (_, true) => "un agent l’a proposé",
        (ProposalWriter.Person, false) => "a person proposed it",
        _ => "an agent proposed it",
    };

    private static readonly Refusal ModeIsOff = Refusal.Conflict("governance.mode is off: nobody writes for this campaign; put it with approve or auto");

    private static Refusal NoSlot(Campaign document, string slot) =>
        Refusal.Missing($"there is no slot {slot}; there are {string.Join(", ", document.Slots.Select(each => each.Id))}");
}
