using Flywheel.Signals;

namespace Flywheel.Benchmarks.Micro;

/// <summary>Full entries of impressions, each of a decision of its own.</summary>
internal static class EntrySample
{
    private const long AcceptedAtMs = 1_000_000;

    private static readonly RewardRules Rules = new(1_000_000, [(RewardRules.TypeKey("click"), 1_000_000)]);
    private static readonly SegmentId Segment = new("spring", 1, "default");
    private static readonly byte[] ModuleKeys = new byte[24];

    /// <param name="firstCounter">The first decision's.</param>
    public static byte[] Build(ulong firstCounter)
    {
        var builder = new EntryBuilder();
        for (var counter = firstCounter; !builder.IsFull; counter++)
        {
            builder.Add(Segment, Rules, new DecisionSignal
            {
                Issuer = 1,
                Counter = counter,
                IssuedAtMs = AcceptedAtMs,
                WindowSeconds = 3_600,
                Propensity = 0.3,
                Type = RewardRules.ImpressionKey,
                ModuleKeys = ModuleKeys,
            });
        }
        return builder.Build(AcceptedAtMs);
    }
}
