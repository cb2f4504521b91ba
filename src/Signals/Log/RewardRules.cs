using System.Collections.Immutable;
using Flywheel.Decisions;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Signals;

/// <summary>
/// What signals earned when they were accepted. It travels with them in the log, so that counting depends on the log alone.
/// </summary>
/// <param name="CapMicros">The most one decision can earn, in millionths.</param>
/// <param name="Types">Key and fixed weight of each type that the campaign names.</param>
public sealed record RewardRules(long CapMicros, ImmutableArray<(ulong Type, long WeightMicros)> Types)
{
    /// <summary>Larger than any reward, and still a decimal.</summary>
    private const double BeyondLong = 1e19;

    public static readonly ulong ImpressionKey = TypeKey(SignalTypes.Impression);

    /// <summary>
    /// Key of each type that earns by its value, and what a value of 1 earns. They stay behind: what a signal's value earned is
    /// worked out once, on acceptance, and stands in its record.
    /// </summary>
    public ImmutableArray<(ulong Type, long MicrosPerValue)> PerValue { get; init; } = [];

    public static RewardRules From(Rewards rewards) =>
        new(rewards.CapMicros, [.. rewards.Types.Select(type => (TypeKey(type), rewards.WeightsMicros.GetValueOrDefault(type)))])
        {
            PerValue = [.. rewards.PerValueMicros.Select(share => (TypeKey(share.Key), share.Value))],
        };

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

    /// <summary>
    /// What the value of a signal earns beside its weight, in millionths: the value as people write it (15 digits) times what 1 of
    /// it earns, rounded once, half away from zero; the largest number where that is beyond it.
    /// </summary>
    /// <param name="value">Finite, 0 or more.</param>
    public long RewardOfValue(ulong type, double value)
    {
        var microsPerValue = 0L;
        foreach (var (known, micros) in PerValue)
        {
            if (known == type)
                microsPerValue = micros;
        }
        if (microsPerValue == 0)
            return 0;
        if (value * microsPerValue >= BeyondLong)
            return long.MaxValue;
        return (long)decimal.Min(long.MaxValue, decimal.Round((decimal)value * microsPerValue, MidpointRounding.AwayFromZero));
    }

    public bool Equals(RewardRules? other) => other is not null
        && CapMicros == other.CapMicros
        && Types.AsSpan().SequenceEqual(other.Types.AsSpan())
        && PerValue.AsSpan().SequenceEqual(other.PerValue.AsSpan());

    public override int GetHashCode() => HashCode.Combine(CapMicros, Types.Length);
}
