using Flywheel.Decisions;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Domain.Governance;

/// <summary>
/// What the control group and the floor give every module alike, whatever is learnt: no bound on a module's share can be kept below it. They are
/// uniform over all modules, since propensities and lift are reckoned so, and leave out none.
/// </summary>
public static class ControlPart
{
    /// <summary>Of each module of a slot of the document, 0 to 1 of a segment's traffic.</summary>
    public static double Of(Campaign document, Slot slot) => Of(document, slot, slot.Modules.Length);

    /// <summary>Of a module that goes on trial: it comes on top of those that are there, or takes the place of one where the slot is full.</summary>
    public static double OfNewcomer(Campaign document, Slot slot) =>
        Of(document, slot, slot.Modules.Length + (slot.Modules.Length < Proposals.Lifecycle.MaxModules(document) ? 1 : 0));

    /// <summary>True where a bound can be kept; sums of doubles are a little off.</summary>
    public static bool Allows(double bound, double part) => bound >= part - 1e-9;

    private static double Of(Campaign document, Slot slot, int modules) =>
        SegmentPolicy.UniformShareOf(
            [.. document.Slots.Select(other => other.Id == slot.Id ? modules : other.Modules.Length)], document.Policy.Control, document.Policy.MinPropensity) / modules;
}
