namespace Flywheel.Client;

internal sealed record DecisionBatch(IReadOnlyList<DecisionRequest> Decisions);
