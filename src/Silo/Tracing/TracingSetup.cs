using System.Reflection;
using Flywheel.Silo.Hosting;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Flywheel.Silo.Tracing;

/// <summary>
/// Traces by OpenTelemetry: a request, the grains it calls, what these write to the store and ask a language model. Without
/// <c>--otlp-endpoint</c> nothing of this is there, and no span is made.
/// </summary>
internal static class TracingSetup
{
    public static void AddTracing(this IServiceCollection services, FlywheelOptions options)
    {
        if (options.OtlpEndpoint is not { } endpoint)
            return;
        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("flywheel", serviceVersion: Version, autoGenerateServiceInstanceId: false, serviceInstanceId: options.SiloName))
            .WithTracing(tracing => tracing
                .SetSampler(new RequestSampler(options.TraceRatio))
                .AddSource("Flywheel.*", "Microsoft.Orleans.Application", "Microsoft.Orleans.Storage")
                .AddAspNetCoreInstrumentation(http => http.Filter = context => !IsProbe(context.Request.Path))
                // Before the exporter: it sees what this leaves.
                .AddProcessor(new PlainSpans())
                .AddOtlpExporter(exporter =>
                {
                    exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
                    exporter.Endpoint = new Uri($"{endpoint.TrimEnd('/')}/v1/traces");
                }));
    }

    private static string Version => typeof(TracingSetup).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>What asks all the time and tells nothing.</summary>
    private static bool IsProbe(PathString path) => path.StartsWithSegments("/health", StringComparison.Ordinal) || path == "/metrics";
}
