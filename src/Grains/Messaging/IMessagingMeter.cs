using Flywheel.Domain.Governance.Proposals;
using Flywheel.Domain.Messaging.Budgets;

namespace Flywheel.Grains.Messaging;

/// <summary>Hears what becomes of proposals, and what writing costs.</summary>
public interface IMessagingMeter
{
    /// <summary>Candidates became proposals, or were blocked.</summary>
    void Proposed(int proposals, int blocked);

    /// <param name="outcome"><c>approved</c>, <c>auto</c>, <c>rejected</c> or <c>revised</c>.</param>
    /// <param name="elapsed">Since the proposal was made.</param>
    void Decided(string outcome, TimeSpan elapsed);

    /// <summary>A writer answered.</summary>
    void Wrote(ProposalWriter writer, ModelCost cost, bool failed);
}
