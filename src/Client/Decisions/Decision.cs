namespace Flywheel.Client;

/// <summary>What to serve.</summary>
/// <param name="DecisionId">Goes with every signal about this decision.</param>
/// <param name="Campaign">The campaign that was asked for.</param>
/// <param name="Segment">The segment that it was decided for.</param>
/// <param name="PolicyVersion">The policy that decided.</param>
/// <param name="PolicyAgeMs">The age of that policy, in milliseconds.</param>
/// <param name="Reason"><c>learned</c>, <c>control</c> or <c>fallback</c>.</param>
/// <param name="Propensity">The exact probability of this whole combination, control share included, above 0 to 1.</param>
/// <param name="Variant">The module to serve in each slot, by slot id.</param>
public sealed record Decision(
    string DecisionId,
    string Campaign,
    string Segment,
    long PolicyVersion,
    long PolicyAgeMs,
    string Reason,
    double Propensity,
    IReadOnlyDictionary<string, ServedModule> Variant);
