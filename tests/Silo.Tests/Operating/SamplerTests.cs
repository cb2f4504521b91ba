using System.Diagnostics;
using Flywheel.Silo.Tracing;
using OpenTelemetry.Trace;

namespace Flywheel.Silo.Tests.Operating;

public sealed class SamplerTests
{
    private const string Request = "Microsoft.AspNetCore.Hosting.HttpRequestIn";

    public static TheoryData<string, double, ActivityTraceFlags?, bool, bool> Cases => new()
    {
        // A caller's own trace, marked as sampled, is no way to have everything exported; nor does it keep the engine from its share.
        { Request, 0, ActivityTraceFlags.Recorded, true, false },
        { Request, 1, ActivityTraceFlags.None, true, true },
        { Request, 0, null, false, false },
        { Request, 1, null, false, true },
        // What is within a trace is as the trace is, on this silo and on others.
        { "IPartitionGrain/NudgeAsync", 0, ActivityTraceFlags.Recorded, false, true },
        { "IPartitionGrain/NudgeAsync", 0, ActivityTraceFlags.Recorded, true, true },
        { "IPartitionGrain/NudgeAsync", 1, ActivityTraceFlags.None, true, false },
        // Agents and messages from Kafka begin traces of their own; sweeps and timers do not.
        { "agents write", 1, null, false, true },
        { "agents write", 0, null, false, false },
        { "kafka process", 1, null, false, true },
        { "kafka process", 0, null, false, false },
        { "IPartitionGrain/NudgeAsync", 1, null, false, false },
        { "store append", 1, null, false, false },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Sampler_OfASpan_TakesIt(string name, double ratio, ActivityTraceFlags? parent, bool isRemote, bool expected)
    {
        var trace = ActivityTraceId.CreateFromString("4bf92f3577b34da6a3ce929d0e0e4736");
        var context = parent is { } flags ? new ActivityContext(trace, ActivitySpanId.CreateFromString("00f067aa0ba902b7"), flags, isRemote: isRemote) : default;

        var result = new RequestSampler(ratio).ShouldSample(new SamplingParameters(context, trace, name, ActivityKind.Server));

        Assert.Equal(expected ? SamplingDecision.RecordAndSample : SamplingDecision.Drop, result.Decision);
    }

    [Fact]
    public void Sampler_Share_IsTheRatio()
    {
        var random = new Random(1);
        var bytes = new byte[16];
        var sampler = new RequestSampler(0.1);

        var taken = Enumerable.Range(0, 10_000).Count(_ =>
        {
            random.NextBytes(bytes);
            var trace = ActivityTraceId.CreateFromBytes(bytes);
            return sampler.ShouldSample(new SamplingParameters(default, trace, Request, ActivityKind.Server)).Decision == SamplingDecision.RecordAndSample;
        });

        Assert.InRange(taken, 900, 1_100);
    }
}
