using System.Collections.Immutable;

namespace Flywheel.Domain.Campaigns;

/// <summary>
/// What each signal type is worth: a fixed weight, a share of the signal's value, or both. Held in millionths, so that sums of
/// rewards are exact.
/// </summary>
/// <param name="WeightsMicros">Fixed reward of each type that has one, in millionths; 0 to 10^12.</param>
/// <param name="ExplicitCapMicros">The most a decision can earn, in millionths, where <c>rewards.cap</c> says so.</param>
public sealed record Rewards(ImmutableSortedDictionary<string, long> WeightsMicros, long? ExplicitCapMicros)
{
    public const long Micro = 1_000_000;

    public static readonly Rewards Default = new(ImmutableSortedDictionary<string, long>.Empty.Add("click", Micro), null);

    /// <summary>Reward for 1 of a signal's value, of each type that earns by its value, in millionths; 0 to 10^12.</summary>
    public ImmutableSortedDictionary<string, long> PerValueMicros { get; init; } = ImmutableSortedDictionary<string, long>.Empty;

    /// <summary>Every type that is named, in order.</summary>
    public IEnumerable<string> Types => WeightsMicros.Keys.Union(PerValueMicros.Keys).Order(StringComparer.Ordinal);

    /// <summary>The most a decision can earn: the largest weight, unless the campaign says otherwise. One that rewards by value has to.</summary>
    public long CapMicros => ExplicitCapMicros ?? WeightsMicros.Values.DefaultIfEmpty(0).Max();
}
