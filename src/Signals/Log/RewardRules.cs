using System.Collections.Immutable;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Numerics;

namespace Flywheel.Signals;

/// <summary>
/// What signals earned when they were accepted. It travels with them in the log, so that counting depends on the log alone.
/// </summary>
/// <param name="CapMicros">The most one decision can earn, in millionths.</param>
/// <param name="Types">Key and weight of each rewarded type.</param>
public sealed record RewardRules(long CapMicros, ImmutableArray<(ulong Type, long WeightMicros)> Types)
{
    public static readonly ulong ImpressionKey = TypeKey(SignalTypes.Impression);

    public static RewardRules From(Rewards rewards) =>
        new(rewards.CapMicros, [.. rewards.WeightsMicros.Select(weight => (TypeKey(weight.Key), weight.Value))]);

    public static ulong TypeKey(ReadOnlySpan<char> type) => Mixing.Of(type);

    public static ulong TypeKey(ReadOnlySpan<byte> utf8) => Mixing.Of(utf8);

    public long WeightOf(ulong type)
    {
        foreach (var (known, weight) in Types)
        {
            if (known == type)
                return weight;
        }
        return 0;
    }

    public bool Equals(RewardRules? other) => other is not null && CapMicros == other.CapMicros && Types.AsSpan().SequenceEqual(other.Types.AsSpan());

    public override int GetHashCode() => HashCode.Combine(CapMicros, Types.Length);
}
