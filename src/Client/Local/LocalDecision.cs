using System.Diagnostics.CodeAnalysis;

namespace Flywheel.Client;

/// <summary>What to serve, decided in this process.</summary>
/// <param name="DecisionId">Goes with every signal about this decision; null where it cannot be attributed, for want of a lease.</param>
/// <param name="Campaign">The campaign.</param>
/// <param name="Segment">The segment that it was decided for.</param>
/// <param name="PolicyVersion">The policy that decided.</param>
/// <param name="PolicyAge">The age of that policy.</param>
/// <param name="Reason"><c>learned</c>, <c>control</c> or <c>fallback</c>.</param>
/// <param name="Propensity">The exact probability of this whole combination, control share included, above 0 to 1.</param>
/// <param name="Variant">The module to serve in each slot, by slot id.</param>
public sealed record LocalDecision(
    string? DecisionId,
    string Campaign,
    string Segment,
    long PolicyVersion,
    TimeSpan PolicyAge,
    string Reason,
    double Propensity,
    IReadOnlyDictionary<string, ServedModule> Variant)
{
    /// <value>False where signals about it would have no decision to belong to.</value>
    [MemberNotNullWhen(true, nameof(DecisionId))]
    public bool IsAttributable => DecisionId is not null;
}
