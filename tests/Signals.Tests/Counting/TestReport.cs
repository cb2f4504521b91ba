using Flywheel.Decisions;

namespace Flywheel.Signals.Tests.Counting;

/// <summary>A report of decisions that were served under a lease.</summary>
internal sealed record TestReport(string Segment, ulong Number, long ExpiresAtMs, long Learned, long Control, Assignment Assignment)
{
    public void AddTo(EntryBuilder builder, RewardRules rules) => builder.AddServed(new SegmentId("spring", 1, Segment), rules, new ServedReport
    {
        Issuer = 3,
        Number = Number,
        ExpiresAtMs = ExpiresAtMs,
        Learned = Learned,
        Control = Control,
        Assignment = Assignment,
    });
}
