using System.Collections.Immutable;
using BenchmarkDotNet.Attributes;
using Flywheel.Decisions;
using Flywheel.Domain.Learning;
using Flywheel.Domain.Learning.Evidence;

namespace Flywheel.Benchmarks.Micro;

/// <summary>Choosing, fitting and tokens, for 3 slots of 8 modules with evidence.</summary>
[MemoryDiagnoser]
[ShortRunJob]
public class DecisionBenchmarks
{
    private const int Slots = 3;
    private const int Modules = 8;

    private static readonly LearnerInput Input = new(
        [.. Enumerable.Range(0, Slots).Select(slot => Enumerable.Range(0, Modules).Select(module => Key(slot, module)).ToImmutableArray())],
        new SegmentCounts(1, default, []) { Evidence = Served(50_000) }, 1, 0.05, 0, 1_000_000, 7);

    private readonly SegmentPolicy _policy = new ModuleEffectsLearner().Fit(Input).Policy;
    private readonly TokenKeys _keys = new([new(1, new byte[32])]);
    private readonly byte[] _text = new byte[DecisionToken.MaxChars];
    private readonly byte[] _buffer = new byte[DecisionToken.MaxBytes];
    private readonly byte[] _signed;
    private ulong _random;

    public DecisionBenchmarks() => _signed = _text[..Sign()];

    [Benchmark]
    public double Choose() => _policy.Choose(_random++).Propensity;

    [Benchmark]
    public SegmentFit Fit() => new ModuleEffectsLearner().Fit(Input);

    [Benchmark]
    public int Sign() => new DecisionToken
    {
        Issuer = 1,
        Counter = _random++,
        IssuedAtMs = 1_700_000_000_000,
        Propensity = 0.3,
        Incarnation = 5,
        WindowSeconds = 3_600,
        Campaign = "spring"u8,
        Segment = "young-urban"u8,
        ModuleKeys = new byte[24],
    }.WriteTo(_text, _keys);

    [Benchmark]
    public TokenVerdict Verify() => DecisionToken.Read(_signed, _keys, 1_700_000_000_000, _buffer, out _);

    private static SegmentEvidence Served(int decisions)
    {
        var table = new EvidenceTable();
        for (var i = 0; i < decisions; i++)
        {
            var bits = Mixing.Spread((ulong)i);
            ulong[] served = [.. Enumerable.Range(0, Slots).Select(slot => Key(slot, (int)(bits >> (8 * slot)) & (Modules - 1)))];
            table.Add(served, 1, i % 70 == 0 ? 1_000_000 : 0, i * 5, i * 5);
        }
        return table.ToEvidence();
    }

    private static ulong Key(int slot, int module) => Mixing.Of($"{slot}/{module}");
}
