using Flywheel.Decisions;


namespace Flywheel.Signals.Tests.Golden;

/// <summary>The stored formats, as files. They are never regenerated: a new format gets a new number and new files.</summary>
internal static class GoldenFiles
{
    /// <summary>Signals of <see cref="Entry"/>.</summary>
    public const int EntrySignals = 4;

    /// <summary>Signals of <see cref="EntryWithPropensity"/>.</summary>
    public const int EntryWithPropensitySignals = 3;

    /// <summary>Signals of <see cref="EntryWithValues"/>.</summary>
    public const int EntryWithValuesSignals = 4;

    public const long AcceptedAtMs = 1_777_000_060_000;

    private static readonly RewardRules Rules = new(5_000_000, [(RewardRules.TypeKey("click"), 1_000_000), (RewardRules.TypeKey("conversion"), 5_000_000)]);
    private static readonly RewardRules ValuedRules = new(50_000_000, [(RewardRules.TypeKey("conversion"), 5_000_000)]);
    private static readonly SegmentId Default = new("spring", 7, "default");
    private static readonly byte[] Modules = [0, 0, 0, 0, 0, 0, 0, 9, 0xFF, 0xFE, 0xFD, 0xFC, 0xFB, 0xFA, 0xF9, 0xF8];

    /// <summary>One record of every kind but those of <see cref="EntryWithPropensity"/>, <see cref="EntryWithValues"/> and <see cref="EntryWithLeasedDecisions"/>.</summary>
    public static byte[] Entry()
    {
        var builder = new EntryBuilder();
        var impression = new DecisionSignal
        {
            Issuer = 0x0102030405060708,
            Counter = 4_097,
            IssuedAtMs = 1_777_000_000_000,
            WindowSeconds = 3_600,
            Group = Group.Learned,
            Type = RewardRules.ImpressionKey,
            ModuleKeys = Modules,
        };
        builder.Add(Default, Rules, impression);
        builder.Add(Default, Rules, new DecisionSignal
        {
            Issuer = impression.Issuer,
            Counter = impression.Counter,
            IssuedAtMs = impression.IssuedAtMs,
            WindowSeconds = impression.WindowSeconds,
            Group = impression.Group,
            Type = RewardRules.TypeKey("conversion"),
            Id = new UInt128(5, 6),
            ModuleKeys = Modules,
        });
        builder.Add(Default with { Segment = "young" }, Rules, new DecisionSignal
        {
            Issuer = impression.Issuer,
            Counter = 3,
            IssuedAtMs = impression.IssuedAtMs,
            WindowSeconds = 3_600,
            Group = Group.Control,
            Type = RewardRules.TypeKey("click"),
            Channel = "email"u8,
            ModuleKeys = Modules,
        });
        builder.Add(Default, Rules, new ObservedSignal
        {
            AtMs = AcceptedAtMs,
            WindowSeconds = 3_600,
            Type = RewardRules.TypeKey("click"),
            Id = new UInt128(7, 8),
            Count = 12,
            Channel = "earned"u8,
            ModuleKeys = Modules.AsSpan(0, 8),
        });
        builder.AddServed(Default, Rules, "email"u8, learned: 300, control: 20);
        builder.AddForget("winter", 6);
        return builder.Build(AcceptedAtMs);
    }

    /// <summary>Records of decisions whose propensity is known: an impression and a click of one, an impression of another.</summary>
    public static byte[] EntryWithPropensity()
    {
        var builder = new EntryBuilder();
        var impression = new DecisionSignal
        {
            Issuer = 0x0102030405060708,
            Counter = 4_097,
            IssuedAtMs = 1_777_000_000_000,
            WindowSeconds = 3_600,
            Group = Group.Learned,
            Propensity = 0.3,
            Type = RewardRules.ImpressionKey,
            Channel = "email"u8,
            ModuleKeys = Modules,
        };
        builder.Add(Default, Rules, impression);
        builder.Add(Default, Rules, new DecisionSignal
        {
            Issuer = impression.Issuer,
            Counter = impression.Counter,
            IssuedAtMs = impression.IssuedAtMs,
            WindowSeconds = impression.WindowSeconds,
            Group = impression.Group,
            Propensity = impression.Propensity,
            Type = RewardRules.TypeKey("click"),
            Channel = impression.Channel,
            ModuleKeys = Modules,
        });
        builder.Add(Default with { Segment = "young" }, Rules, new DecisionSignal
        {
            Issuer = impression.Issuer,
            Counter = 3,
            IssuedAtMs = impression.IssuedAtMs,
            WindowSeconds = 3_600,
            Group = Group.Control,
            Propensity = 1,
            Type = RewardRules.ImpressionKey,
            ModuleKeys = Modules,
        });
        return builder.Build(AcceptedAtMs);
    }

    /// <summary>Records of signals that earned by their value: without and with an id of its own, of an unknown propensity, and an observed one.</summary>
    public static byte[] EntryWithValues()
    {
        var builder = new EntryBuilder();
        var order = new DecisionSignal
        {
            Issuer = 0x0102030405060708,
            Counter = 4_097,
            IssuedAtMs = 1_777_000_000_000,
            WindowSeconds = 3_600,
            Group = Group.Learned,
            Propensity = 0.3,
            Type = RewardRules.TypeKey("conversion"),
            ValueRewardMicros = 4_990_000,
            Channel = "email"u8,
            ModuleKeys = Modules,
        };
        builder.Add(Default, ValuedRules, order);
        builder.Add(Default, ValuedRules, new DecisionSignal
        {
            Issuer = order.Issuer,
            Counter = order.Counter,
            IssuedAtMs = order.IssuedAtMs,
            WindowSeconds = order.WindowSeconds,
            Group = order.Group,
            Propensity = order.Propensity,
            Type = order.Type,
            Id = new UInt128(5, 6),
            ValueRewardMicros = 1_000_000,
            Channel = order.Channel,
            ModuleKeys = Modules,
        });
        builder.Add(Default with { Segment = "young" }, ValuedRules, new DecisionSignal
        {
            Issuer = order.Issuer,
            Counter = 3,
            IssuedAtMs = order.IssuedAtMs,
            WindowSeconds = 3_600,
            Group = Group.Control,
            Type = order.Type,
            ValueRewardMicros = long.MaxValue,
            ModuleKeys = Modules,
        });
        builder.Add(Default, ValuedRules, new ObservedSignal
        {
            AtMs = AcceptedAtMs,
            WindowSeconds = 3_600,
            Type = order.Type,
            Id = new UInt128(7, 8),
            Count = 12,
            ValueRewardMicros = 60_000_000,
            Channel = "earned"u8,
            ModuleKeys = Modules.AsSpan(0, 8),
        });
        return builder.Build(AcceptedAtMs);
    }

    /// <summary>Reports of decisions that were served under a lease.</summary>
    public static byte[] EntryWithLeasedDecisions()
    {
        var builder = new EntryBuilder();
        builder.AddServed(Default, Rules, new ServedReport
        {
            Issuer = 0x0102030405060708,
            Number = 4_097,
            ExpiresAtMs = 1_777_007_200_000,
            Channel = "email"u8,
            Learned = 300,
            Control = 20,
            Assignment = new Assignment(310, 19, 15_500_000),
        });
        builder.AddServed(Default with { Segment = "young" }, Rules, new ServedReport { Issuer = 0x0102030405060708, Number = 3, ExpiresAtMs = 1_777_007_200_000, Learned = 1 });
        return builder.Build(AcceptedAtMs);
    }

    public static byte[] EntryWithBeacons()
    {
        var builder = new EntryBuilder();
        foreach (var origin in (SignalOrigin[])[SignalOrigin.Beacon, SignalOrigin.ExcessBeacon])
        {
            builder.Add(Default, Rules, new DecisionSignal
            {
                Issuer = 0x0102030405060708,
                Counter = 4_097,
                IssuedAtMs = 1_777_000_000_000,
                WindowSeconds = 3_600,
                Group = Group.Learned,
                Propensity = 0.3,
                Origin = origin,
                Type = RewardRules.TypeKey("click"),
                Channel = "email"u8,
                ModuleKeys = Modules,
            });
        }
        return builder.Build(AcceptedAtMs);
    }

    /// <summary>A rollback of the segment of <see cref="EntryWithPropensity"/> to its start, a minute later.</summary>
    public static byte[] EntryWithRollback()
    {
        var builder = new EntryBuilder();
        builder.AddRollback(Default, AcceptedAtMs + 60_000, AcceptedAtMs - 1);
        return builder.Build(AcceptedAtMs + 60_000);
    }

    public static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Golden", $"{name}.golden"));
}
