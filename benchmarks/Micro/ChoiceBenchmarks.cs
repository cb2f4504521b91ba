using BenchmarkDotNet.Attributes;
using Flywheel.Decisions;
using Flywheel.Domain.Learning;

namespace Flywheel.Benchmarks.Micro;

/// <summary>Choosing one of 3 slots × 8 modules, beside the least that any choosing can do.</summary>
[MemoryDiagnoser]
public class ChoiceBenchmarks
{
    private readonly SegmentPolicy _policy = new ModuleEffectsLearner().Fit(EvidenceSample.Input).Policy;
    private readonly ulong[] _table = [.. Enumerable.Range(0, SegmentPolicy.Entries).Select(entry => (ulong)entry)];
    private ulong _random;

    [Benchmark(Baseline = true)]
    public ulong DrawAndRead() => _table[Math.BigMul(Mixing.Spread(_random++), (ulong)_table.Length, out _)];

    [Benchmark]
    public double Choose() => _policy.Choose(_random++).Propensity;
}
