using System.Collections.Immutable;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Governance.Copy;

namespace Flywheel.Domain.Governance;

/// <summary>A candidate as the rules look at it, with what they hold it against.</summary>
/// <param name="Candidate">What is proposed.</param>
/// <param name="Brief">What was asked for; null where nobody asked for anything.</param>
/// <param name="Passages">Every text of the content and of the attributes.</param>
/// <param name="Live">The slot's modules, without one that the candidate would replace.</param>
/// <param name="Rejected">What people refused for this slot.</param>
/// <param name="Pending">What waits for a decision in this slot.</param>
internal sealed record Inspection(
    Candidate Candidate,
    Brief? Brief,
    ImmutableArray<Passage> Passages,
    ImmutableArray<Module> Live,
    ImmutableArray<ModuleContent> Rejected,
    ImmutableArray<ModuleContent> Pending)
{
    public bool IsImage => Candidate.Slot.Kind == "image";

    public bool IsText => Candidate.Slot.Kind == "text";

    /// <summary>What the audience reads or hears.</summary>
    public IEnumerable<Passage> Copy => Passages.Where(passage => passage.Kind == PassageKind.Copy);
}
