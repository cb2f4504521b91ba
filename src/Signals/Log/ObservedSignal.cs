namespace Flywheel.Signals;

/// <summary>A signal about something that another system served.</summary>
public readonly ref struct ObservedSignal
{
    /// <summary>When it happened, Unix time in milliseconds.</summary>
    public long AtMs { get; init; }

    public uint WindowSeconds { get; init; }
    public ulong Type { get; init; }

    /// <summary>Hash of the signal's id within its segment and type.</summary>
    public UInt128 Id { get; init; }

    /// <summary>How many times it happened; 1 or more.</summary>
    public long Count { get; init; }

    /// <summary>What its value, that of all its events together, earns beside its type's weight, in millionths; see <see cref="RewardRules.RewardOfValue"/>.</summary>
    public long ValueRewardMicros { get; init; }

    /// <summary>ASCII, empty for none.</summary>
    public ReadOnlySpan<byte> Channel { get; init; }

    /// <summary>Eight big-endian bytes for each module.</summary>
    public ReadOnlySpan<byte> ModuleKeys { get; init; }
}
