using Flywheel.Agents.Writing;
using Flywheel.Domain.Governance.Proposals;
using Flywheel.Domain.Governance.Trials;
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

    /// <summary>The trial of a module ended.</summary>
    void Judged(TrialVerdict verdict);

    /// <summary>A writer answered.</summary>
    /// <param name="cost">Of a model that failed before, too.</param>
    void Wrote(ProposalWriter writer, ModelCost cost, bool failed);

    /// <summary>A reviewer answered, or failed.</summary>
    void Reviewed(ModelCost cost, bool failed);

    /// <summary>The model gave no answer that could be used.</summary>
    /// <param name="task"><c>write</c> or <c>review</c>.</param>
    void ModelFailed(string task, FailureKind kind);
}
