using System.Collections.Immutable;

namespace Flywheel.Domain.Learning.Evidence;

/// <summary>What decisions of one stretch of time led to, by module.</summary>
/// <param name="StartMs">Unix time in milliseconds of its first decision.</param>
/// <param name="EndMs">Of its last decision.</param>
/// <param name="Impressions">Impressions counted, of all its decisions.</param>
/// <param name="RewardMicros">Reward they earned so far, in millionths.</param>
/// <param name="SquaredReward">Sum of the squares of what each signal earned, in reward units.</param>
/// <param name="Rewards">Signals that earned something.</param>
/// <param name="ModuleImpressions">Impressions by module, in the order of <see cref="SegmentEvidence.Modules"/>; modules past the end have none.</param>
/// <param name="ModuleRewardMicros">Reward by module, likewise.</param>
public sealed record EvidenceBucket(
    long StartMs,
    long EndMs,
    long Impressions,
    long RewardMicros,
    double SquaredReward,
    long Rewards,
    ImmutableArray<long> ModuleImpressions,
    ImmutableArray<long> ModuleRewardMicros);
