using Flywheel.Decisions;


namespace Flywheel.Signals.Tests.Stores;

/// <summary>Batches of impressions, for tests that look at the store and not at what is counted.</summary>
internal static class ImpressionBatch
{
    private static readonly RewardRules Rules = new(1_000_000, [(RewardRules.TypeKey("click"), 1_000_000)]);

    /// <summary>One entry for partition 0, of impressions of as many decisions in a row.</summary>
    /// <param name="first">Counter of the first decision.</param>
    public static AppendBatch Of(long sequence, int signals, ulong producer = 1, int first = 0)
    {
        var builder = new EntryBuilder();
        for (var i = first; i < first + signals; i++)
        {
            builder.Add(new SegmentId("spring", 1, "default"), Rules, new DecisionSignal
            {
                Issuer = 9,
                Counter = (ulong)i,
                IssuedAtMs = 1_000,
                WindowSeconds = 3_600,
                Group = Group.Learned,
                Type = RewardRules.ImpressionKey,
                ModuleKeys = new byte[8],
            });
        }
        return new AppendBatch(producer, sequence, [new PartitionEntry(0, signals, builder.Build(2_000))]);
    }
}
