using System.Collections.Immutable;
using Flywheel.Domain.Learning;
using Flywheel.Domain.Scoring.Fatigue;

namespace Flywheel.Domain.Scoring.Readings;

/// <summary>What is known of one module in one segment.</summary>
/// <param name="Attributes">As the campaign's owner wrote them: angle, tone, format or whatever else.</param>
/// <param name="Impressions">Of the version in force, by the learned policy and the control group.</param>
/// <param name="Rewards">What they earned, in units of the most a decision can earn.</param>
/// <param name="Resonance">100 is the slot's average.</param>
public sealed record ModuleReading(
    string Id,
    int Version,
    ImmutableSortedDictionary<string, string> Attributes,
    long Impressions,
    double Rewards,
    ModuleEstimate Estimate,
    Interval Resonance)
{
    public ModuleState State => ResonanceScale.StateOf(Resonance);

    /// <summary>How it has faded in this segment; null where it has not.</summary>
    public FatigueFinding? Faded { get; init; }

    /// <summary>True where it has only just been added.</summary>
    public bool IsNew { get; init; }
}
