using BenchmarkDotNet.Attributes;
using Flywheel.Signals;

namespace Flywheel.Benchmarks.Micro;

/// <summary>An entry of 500 signals built; and a partition that counts 20 of them, to its next commit.</summary>
[MemoryDiagnoser]
public class CountingBenchmarks
{
    private const int Entries = 20;

    private readonly LogEntry[] _entries = [.. Enumerable.Range(0, Entries)
        .Select(i => new LogEntry(i + 1, EntryBuilder.MaxSignals, EntrySample.Build((ulong)(i * EntryBuilder.MaxSignals))))];

    [Benchmark(OperationsPerInvoke = EntryBuilder.MaxSignals)]
    public int Build() => EntrySample.Build(0).Length;

    [Benchmark(OperationsPerInvoke = Entries * EntryBuilder.MaxSignals)]
    public PartitionCommit? Apply()
    {
        var core = new PartitionCore(new PartitionCheckpoint(0, 1, 0, default, [], [], []));
        foreach (var entry in _entries)
            core.Apply(entry);
        return core.TakeCommit(out _);
    }
}
