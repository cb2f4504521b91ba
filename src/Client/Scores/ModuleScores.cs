namespace Flywheel.Client;

/// <summary>How a module does in a segment.</summary>
/// <param name="Id">The module's id.</param>
/// <param name="Version">The version of its content.</param>
/// <param name="Impressions">Exact count.</param>
/// <param name="Reward">Exact sum of weights.</param>
/// <param name="Share">The share of decisions that the policy gives it now, 0 to 1.</param>
/// <param name="ProbabilityBest">The probability that it is the slot's best, 0 to 1.</param>
/// <param name="Rate">Reward per impression.</param>
/// <param name="Resonance">Its rate against the slot's, 100 being even.</param>
/// <param name="State">A word for where it is going, such as <c>rising</c>.</param>
public sealed record ModuleScores(
    string Id,
    int Version,
    long Impressions,
    double Reward,
    double Share,
    double ProbabilityBest,
    Estimate Rate,
    Estimate Resonance,
    string State)
{
    /// <value>What other systems served, outside the randomised estimate; null where there is none.</value>
    public ObservedTotals? Observed { get; init; }
}
