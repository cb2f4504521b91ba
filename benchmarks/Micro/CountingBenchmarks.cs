using BenchmarkDotNet.Attributes;
using Flywheel.Signals;

namespace Flywheel.Benchmarks.Micro;

/// <summary>Building and counting an entry of 500 signals.</summary>
[MemoryDiagnoser]
[ShortRunJob]
public class CountingBenchmarks
{
    private static readonly RewardRules Rules = new(1_000_000, [(RewardRules.TypeKey("click"), 1_000_000)]);
    private static readonly SegmentId Segment = new("spring", 1, "default");
    private static readonly byte[] ModuleKeys = new byte[24];

    private readonly PartitionCore _core = new(new PartitionCheckpoint(0, 1, 0, default, [], [], []));
    private ulong _counter;
    private long _offset;

    [Benchmark(OperationsPerInvoke = EntryBuilder.MaxSignals)]
    public int BuildAndCount()
    {
        var builder = new EntryBuilder();
        while (!builder.IsFull)
        {
            builder.Add(Segment, Rules, new DecisionSignal
            {
                Issuer = 1,
                Counter = _counter++,
                IssuedAtMs = 1_000_000,
                WindowSeconds = 3_600,
                Type = RewardRules.ImpressionKey,
                ModuleKeys = ModuleKeys,
            });
        }
        // Counters come round again, so that what is remembered stays as large as in a busy hour.
        _counter %= 10_000_000;
        var body = builder.Build(1_000_000);
        _core.Apply(new LogEntry(++_offset, builder.Signals, body));
        return body.Length;
    }
}
