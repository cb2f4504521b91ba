using System.Diagnostics;
using OpenTelemetry.Trace;

namespace Flywheel.Silo.Tracing;

/// <summary>
/// Takes a share of the traces that begin with a request, with messages from Kafka or with work of the agents, and of each that is taken all spans. A caller's own trace is
/// taken by the same share, whatever it asks for: else any caller could have every span exported. What begins by itself, such as the sweep
/// of the partitions every second, is left out.
/// </summary>
internal sealed class RequestSampler(double ratio) : Sampler
{
    private readonly TraceIdRatioBasedSampler _share = new(ratio);

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        var parent = samplingParameters.ParentContext;
        if (parent != default && !(parent.IsRemote && IsRequest(samplingParameters)))
            return new SamplingResult(parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded) ? SamplingDecision.RecordAndSample : SamplingDecision.Drop);
        return IsRequest(samplingParameters) || IsOwnWork(samplingParameters.Name)
            ? _share.ShouldSample(samplingParameters)
            : new SamplingResult(SamplingDecision.Drop);
    }

    private static bool IsOwnWork(string name) => name.StartsWith("agents ", StringComparison.Ordinal) || name.StartsWith("kafka ", StringComparison.Ordinal);

    private static bool IsRequest(in SamplingParameters span) => span.Name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal);
}
