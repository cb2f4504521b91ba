using Flywheel.Domain.Decisions;

namespace Flywheel.Signals.Tests.Counting;

/// <summary>A signal of a schedule. A count above 0 makes it one that another system served.</summary>
internal sealed record TestSignal(string Segment, ulong Decision, long IssuedAtMs, bool Control, string Type, UInt128 Id, long Count)
{
    private static readonly byte[] Module = [0, 0, 0, 0, 0, 0, 0, 9];

    public SegmentId SegmentId => new("spring", 1, Segment);

    public void AddTo(EntryBuilder builder, RewardRules rules, uint windowSeconds)
    {
        if (Count > 0)
        {
            builder.Add(SegmentId, rules, new ObservedSignal
            {
                AtMs = IssuedAtMs,
                WindowSeconds = windowSeconds,
                Type = RewardRules.TypeKey(Type),
                Id = Id,
                Count = Count,
                ModuleKeys = Module,
            });
            return;
        }
        builder.Add(SegmentId, rules, new DecisionSignal
        {
            Issuer = 3,
            Counter = Decision,
            IssuedAtMs = IssuedAtMs,
            WindowSeconds = windowSeconds,
            Group = Control ? Group.Control : Group.Learned,
            Type = RewardRules.TypeKey(Type),
            Id = Id,
            ModuleKeys = Module,
        });
    }
}
