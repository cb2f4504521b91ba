using Flywheel.Decisions;

namespace Flywheel.Signals;

/// <summary>Reads the parts of an entry that <see cref="EntryBuilder"/> wrote.</summary>
internal static class SignalRecords
{
    private const int MaxChannelBytes = 64;

    /// <summary>The segments that the records speak of, by their number, with the rules that held when they were accepted.</summary>
    public static List<(SegmentId Id, RewardRules Rules)> ReadSegments(ref RecordReader reader)
    {
        var segments = new List<(SegmentId, RewardRules)>();
        for (var left = reader.Varint(); left > 0 && !reader.Failed; left--)
        {
            var id = new SegmentId(reader.Text(), reader.Fixed64(), reader.Text());
            var cap = reader.Amount();
            var types = new List<(ulong, long)>();
            for (var more = reader.Varint(); more > 0 && !reader.Failed; more--)
                types.Add((reader.Fixed64(), reader.Amount()));
            segments.Add((id, new RewardRules(cap, [.. types])));
        }
        return segments;
    }

    /// <summary>False where the record cannot be read.</summary>
    public static bool Read(ref RecordReader reader, RecordKind kind, out DecisionSignal signal)
    {
        signal = new DecisionSignal
        {
            Issuer = reader.Fixed64(),
            Counter = reader.Varint(),
            IssuedAtMs = reader.Time(),
            WindowSeconds = reader.Seconds(),
            Group = (Group)reader.Byte(),
            Type = reader.Fixed64(),
            Id = reader.Byte() == 0 ? 0 : reader.Fixed128(),
            Channel = reader.Bytes(),
            Origin = kind switch { RecordKind.Beacon => SignalOrigin.Beacon, RecordKind.ExcessBeacon => SignalOrigin.ExcessBeacon, _ => SignalOrigin.Caller },
            Propensity = kind == RecordKind.DecisionSignal ? 0 : BitConverter.UInt64BitsToDouble(reader.Fixed64()),
            ValueRewardMicros = kind == RecordKind.DecisionSignalWithValue ? reader.Count() : 0,
            ModuleKeys = reader.Rest(),
        };
        return !reader.Failed && signal.ModuleKeys.Length % 8 == 0 && IsChannel(signal.Channel);
    }

    /// <summary>False where the record cannot be read.</summary>
    public static bool Read(ref RecordReader reader, RecordKind kind, out ObservedSignal signal)
    {
        signal = new ObservedSignal
        {
            AtMs = reader.Time(),
            WindowSeconds = reader.Seconds(),
            Type = reader.Fixed64(),
            Id = reader.Fixed128(),
            Count = reader.Count(),
            Channel = reader.Bytes(),
            ValueRewardMicros = kind == RecordKind.ObservedSignalWithValue ? reader.Count() : 0,
            ModuleKeys = reader.Rest(),
        };
        return !reader.Failed && signal.ModuleKeys.Length % 8 == 0 && IsChannel(signal.Channel);
    }

    /// <summary>Whether a channel's name is as long as one can be.</summary>
    public static bool IsChannel(ReadOnlySpan<byte> name) => name.Length <= MaxChannelBytes;
}
