using System.Collections.Immutable;

namespace Flywheel.Domain.Campaigns;

/// <summary>
/// What each signal type is worth. Weights are held in millionths, so that sums of rewards are exact.
/// </summary>
/// <param name="WeightsMicros">Reward of each type, in millionths; 0 to 10^12.</param>
/// <param name="ExplicitCapMicros">The most a decision can earn, in millionths, where <c>rewards.cap</c> says so.</param>
public sealed record Rewards(ImmutableSortedDictionary<string, long> WeightsMicros, long? ExplicitCapMicros)
{
    public const long Micro = 1_000_000;

    public static readonly Rewards Default = new(ImmutableSortedDictionary<string, long>.Empty.Add("click", Micro), null);

    /// <summary>The most a decision can earn: the largest weight, unless the campaign says otherwise.</summary>
    public long CapMicros => ExplicitCapMicros ?? WeightsMicros.Values.DefaultIfEmpty(0).Max();
}
