using Flywheel.Decisions;


namespace Flywheel.Signals;

/// <summary>A signal about a decision that this engine made.</summary>
public readonly ref struct DecisionSignal
{
    public ulong Issuer { get; init; }
    public ulong Counter { get; init; }
    public long IssuedAtMs { get; init; }
    public uint WindowSeconds { get; init; }
    public Group Group { get; init; }

    /// <summary>With which the decision was made, up to 1; 0 where it is unknown.</summary>
    public double Propensity { get; init; }

    public SignalOrigin Origin { get; init; }

    /// <summary>See <see cref="RewardRules.TypeKey(ReadOnlySpan{char})"/>.</summary>
    public ulong Type { get; init; }

    /// <summary>Hash of the signal's own id within its decision and type; zero where it has none.</summary>
    public UInt128 Id { get; init; }

    /// <summary>What its value earns beside its type's weight, in millionths; see <see cref="RewardRules.RewardOfValue"/>.</summary>
    public long ValueRewardMicros { get; init; }

    /// <summary>ASCII, empty for none.</summary>
    public ReadOnlySpan<byte> Channel { get; init; }

    /// <summary>Eight big-endian bytes for each module.</summary>
    public ReadOnlySpan<byte> ModuleKeys { get; init; }
}
