using BenchmarkDotNet.Attributes;
using Flywheel.Domain.Learning;

namespace Flywheel.Benchmarks.Micro;

/// <summary>Fitting a segment of 3 slots × 8 modules with 50,000 impressions.</summary>
[MemoryDiagnoser]
public class LearningBenchmarks
{
    private readonly ModuleEffectsLearner _learner = new();

    [Benchmark]
    public SegmentFit Fit() => _learner.Fit(EvidenceSample.Input);
}
