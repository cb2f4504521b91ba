using System.Buffers.Binary;
using System.Text;
using Flywheel.Decisions;

namespace Flywheel.Signals.Tests.Counting;

/// <summary>A signal of a schedule. A count above 0 makes it one that another system served.</summary>
internal sealed record TestSignal(string Segment, ulong Decision, long IssuedAtMs, bool Control, string Type, UInt128 Id, long Count)
{
    public ulong Issuer { get; init; } = 3;
    public ulong Incarnation { get; init; } = 1;
    public string Channel { get; init; } = "";
    public string Campaign { get; init; } = "spring";
    public ulong Module { get; init; } = 9;
    public double Propensity { get; init; }
    public SignalOrigin Origin { get; init; }

    /// <summary>Its value, in hundredths.</summary>
    public long Cents { get; init; }

    public SegmentId SegmentId => new(Campaign, Incarnation, Segment);

    public static TestSignal Impression(ulong decision, long issuedAtMs) => new("default", decision, issuedAtMs, false, "impression", 0, 0);

    public static TestSignal Observed(UInt128 id, long atMs, long count = 1) => new("default", 0, atMs, false, "impression", id, count);

    public void AddTo(EntryBuilder builder, RewardRules rules, uint windowSeconds)
    {
        var (channel, module) = (Encoding.ASCII.GetBytes(Channel), new byte[8]);
        BinaryPrimitives.WriteUInt64BigEndian(module, Module);
        if (Count > 0)
        {
            builder.Add(SegmentId, rules, new ObservedSignal
            {
                AtMs = IssuedAtMs,
                WindowSeconds = windowSeconds,
                Type = RewardRules.TypeKey(Type),
                ValueRewardMicros = rules.RewardOfValue(RewardRules.TypeKey(Type), Cents / 100.0),
                Id = Id,
                Count = Count,
                Channel = channel,
                ModuleKeys = module,
            });
            return;
        }
        builder.Add(SegmentId, rules, new DecisionSignal
        {
            Issuer = Issuer,
            Counter = Decision,
            IssuedAtMs = IssuedAtMs,
            WindowSeconds = windowSeconds,
            Group = Control ? Group.Control : Group.Learned,
            Propensity = Propensity,
            Origin = Origin,
            Type = RewardRules.TypeKey(Type),
            ValueRewardMicros = rules.RewardOfValue(RewardRules.TypeKey(Type), Cents / 100.0),
            Id = Id,
            Channel = channel,
            ModuleKeys = module,
        });
    }
}
