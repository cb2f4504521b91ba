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
    public static double Of(Campaign document, Slot slot) =>
        SegmentPolicy.UniformShareOf([.. document.Slots.Select(other => other.Modules.Length)], document.Policy.Control, document.Policy.MinPropensity) / slot.Modules.Length;
}
