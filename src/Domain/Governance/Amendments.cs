using Flywheel.Domain.Campaigns;

namespace Flywheel.Domain.Governance;

/// <summary>What an amendment makes of a campaign, or why it cannot be. Asked for twice, it changes nothing the second time.</summary>
public static class Amendments
{
    /// <param name="document">What is served.</param>
    /// <param name="eligibility">What may be.</param>
    /// <param name="amendment">The change.</param>
    public static AmendmentOutcome Apply(Campaign document, Eligibility eligibility, Amendment amendment)
    {
        if (document.Slots.FirstOrDefault(slot => slot.Id == amendment.Slot) is not { } slot)
            return Miss($"there is no slot {amendment.Slot}; there are {string.Join(", ", document.Slots.Select(each => each.Id))}");
        return amendment.Kind switch
        {
            AmendmentKind.Add => Add(document, eligibility, slot, amendment),
            AmendmentKind.Promote => new AmendmentOutcome(document, WithoutChallenger(eligibility, amendment), null),
            AmendmentKind.Resume => Resume(document, eligibility, slot, amendment),
            AmendmentKind.Pin => Pin(document, eligibility, slot, amendment),
            AmendmentKind.Unpin => Unpin(document, eligibility, slot, amendment),
            _ => TakeOut(document, eligibility, slot, amendment),
        };
    }

    private static AmendmentOutcome Add(Campaign document, Eligibility eligibility, Slot slot, Amendment amendment)
    {
        var module = amendment.Module ?? throw new ArgumentException("What is added needs a module.", nameof(amendment));
        if (slot.Modules.FirstOrDefault(other => other.Id == module.Id) is { } there)
            return there.Content.Equals(module.Content) ? new AmendmentOutcome(document, eligibility, null) : Refuse($"{slot.Id} has another module {module.Id}");
        if (eligibility.IsStopped(slot.Id, module.Id))
            return Refuse($"{slot.Id}/{module.Id} is stopped");
        var modules = slot.Modules.RemoveAll(other => other.Id == amendment.Retires).Add(module);
        if (modules.Length > Limits.ModulesPerSlot)
            return Refuse($"{slot.Id} has {slot.Modules.Length} modules, which is the most");
        var next = WithSlot(document, slot with { Modules = modules });
        if (next.Slots.Aggregate(1L, (product, each) => product * each.Modules.Length) > Limits.Combinations)
            return Refuse($"the campaign would have more than {Limits.Combinations} combinations");
        var remaining = amendment.Retires is { } retired ? WithoutChallenger(eligibility, amendment with { Id = retired }) : eligibility;
        return new AmendmentOutcome(next, amendment.MaxShare < 1
            ? remaining with { Challengers = remaining.Challengers.Add(new Challenger(slot.Id, module.Id, amendment.MaxShare)) }
            : remaining, null);
    }

    private static AmendmentOutcome TakeOut(Campaign document, Eligibility eligibility, Slot slot, Amendment amendment)
    {
        if (slot.Modules.FirstOrDefault(module => module.Id == amendment.Id) is not { } module)
        {
            return eligibility.IsStopped(slot.Id, amendment.Id) || amendment.Kind == AmendmentKind.Retire
                ? new AmendmentOutcome(document, eligibility, null)
                : Miss($"{slot.Id} has no module {amendment.Id}; it has {string.Join(", ", slot.Modules.Select(each => each.Id))}");
        }
        if (slot.Modules.Length == 1)
            return Refuse($"{amendment.Id} is the only module of {slot.Id}: without it nothing could be served; pause the campaign ({{\"status\":\"paused\"}}) instead");
        if (eligibility.Stopped.Length >= Eligibility.MostStopped)
            return Refuse($"{Eligibility.MostStopped} modules are stopped, which is the most");
        var next = WithSlot(document, slot with { Modules = slot.Modules.Remove(module) });
        var without = WithoutPin(WithoutChallenger(eligibility, amendment), amendment);
        if (amendment.Kind != AmendmentKind.Stop)
            return new AmendmentOutcome(next, without, null);
        var stopped = new StoppedModule(slot.Id, module) { MaxShare = eligibility.TrialShareOf(slot.Id, module.Id) is < 1 and var share ? share : null };
        return new AmendmentOutcome(next, without with { Stopped = without.Stopped.Add(stopped) }, null);
    }

    private static AmendmentOutcome Resume(Campaign document, Eligibility eligibility, Slot slot, Amendment amendment)
    {
        if (eligibility.Stopped.FirstOrDefault(stopped => stopped.Slot == slot.Id && stopped.Module.Id == amendment.Id) is not { } stopped)
        {
            return slot.Modules.Any(module => module.Id == amendment.Id)
                ? new AmendmentOutcome(document, eligibility, null)
                : Miss($"{slot.Id} has no stopped module {amendment.Id}");
        }
        if (slot.Modules.Length >= Limits.ModulesPerSlot)
            return Refuse($"{slot.Id} has {slot.Modules.Length} modules, which is the most");
        return new AmendmentOutcome(WithSlot(document, slot with { Modules = slot.Modules.Add(stopped.Module) }), eligibility with
        {
            Stopped = eligibility.Stopped.Remove(stopped),
            Challengers = stopped.MaxShare is { } share ? eligibility.Challengers.Add(new Challenger(slot.Id, stopped.Module.Id, share)) : eligibility.Challengers,
        }, null);
    }

    private static AmendmentOutcome Pin(Campaign document, Eligibility eligibility, Slot slot, Amendment amendment)
    {
        if (slot.Modules.Any(module => module.Id == amendment.Id))
            return new AmendmentOutcome(document, eligibility.PinnedOf(slot.Id) == amendment.Id ? eligibility : eligibility.WithPinned(slot.Id, amendment.Id), null);
        return eligibility.IsStopped(slot.Id, amendment.Id)
            ? Refuse($"{slot.Id}/{amendment.Id} is stopped; resume it first")
            : Miss($"{slot.Id} has no module {amendment.Id}; it has {string.Join(", ", slot.Modules.Select(each => each.Id))}");
    }

    private static AmendmentOutcome Unpin(Campaign document, Eligibility eligibility, Slot slot, Amendment amendment)
    {
        if (eligibility.PinnedOf(slot.Id) == amendment.Id)
            return new AmendmentOutcome(document, eligibility.WithPinned(slot.Id, null), null);
        return slot.Modules.Any(module => module.Id == amendment.Id) || eligibility.IsStopped(slot.Id, amendment.Id)
            ? new AmendmentOutcome(document, eligibility, null)
            : Miss($"{slot.Id} has no module {amendment.Id}; it has {string.Join(", ", slot.Modules.Select(each => each.Id))}");
    }

    /// <summary>A module that leaves is pinned no more.</summary>
    private static Eligibility WithoutPin(Eligibility eligibility, Amendment amendment) =>
        eligibility.PinnedOf(amendment.Slot) == amendment.Id ? eligibility.WithPinned(amendment.Slot, null) : eligibility;

    private static Eligibility WithoutChallenger(Eligibility eligibility, Amendment amendment) => eligibility with
    {
        Challengers = eligibility.Challengers.RemoveAll(challenger => challenger.Slot == amendment.Slot && challenger.Module == amendment.Id),
    };

    private static Campaign WithSlot(Campaign document, Slot slot) => document with { Slots = [.. document.Slots.Select(other => other.Id == slot.Id ? slot : other)] };

    private static AmendmentOutcome Refuse(string why) => new(null, null, why);

    private static AmendmentOutcome Miss(string what) => new(null, null, what, IsMissing: true);
}
