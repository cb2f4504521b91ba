using BenchmarkDotNet.Attributes;
using Flywheel.Decisions;

namespace Flywheel.Benchmarks.Micro;

/// <summary>Signing and verifying the token of a decision with three slots.</summary>
[MemoryDiagnoser]
public class TokenBenchmarks
{
    private const long NowMs = 1_700_000_000_000;

    private static readonly byte[] ModuleKeys = new byte[24];

    private readonly TokenKeys _keys = new([new(1, new byte[TokenKeys.KeyBytes])]);
    private readonly byte[] _text = new byte[DecisionToken.MaxChars];
    private readonly byte[] _buffer = new byte[DecisionToken.MaxBytes];
    private readonly byte[] _signed;
    private ulong _counter;

    public TokenBenchmarks() => _signed = _text[..Sign()];

    [Benchmark]
    public int Sign() => new DecisionToken
    {
        Issuer = 1,
        Counter = _counter++,
        IssuedAtMs = NowMs,
        Propensity = 0.3,
        Incarnation = 5,
        WindowSeconds = 3_600,
        Campaign = "spring"u8,
        Segment = "young-urban"u8,
        ModuleKeys = ModuleKeys,
    }.WriteTo(_text, _keys);

    [Benchmark]
    public TokenVerdict Verify() => DecisionToken.Read(_signed, _keys, NowMs, _buffer, out _);
}
