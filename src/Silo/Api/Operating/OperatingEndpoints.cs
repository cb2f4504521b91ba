using Flywheel.Silo.Api.Access;
using Flywheel.Silo.Api.Description;
using Flywheel.Silo.Hosting;
using Prometheus;

namespace Flywheel.Silo.Api.Operating;

/// <summary>Health, metrics and the API's own description.</summary>
internal static class OperatingEndpoints
{
    public static void MapOperating(this IEndpointRouteBuilder app)
    {
        var health = app.MapGroup("/health").WithTags("Operating").ForAnybody();
        health.MapGet("startup", (Readiness readiness) => Answer(readiness.IsStarted, readiness)).WithSummary("200 once every campaign and policy is loaded").Produces<HealthAnswer>().Produces<HealthAnswer>(503);
        health.MapGet("ready", (Readiness readiness) => Answer(readiness.IsReady, readiness)).WithSummary("200 while requests should come here").Produces<HealthAnswer>().Produces<HealthAnswer>(503);
        health.MapGet("live", () => Results.Ok(new HealthAnswer("live"))).WithSummary("200 while the process runs").Produces<HealthAnswer>();
        app.MapMetrics("/metrics", app.ServiceProvider.GetRequiredService<CollectorRegistry>()).ForTheEngine();
        app.MapDescription();
        app.MapReference();
    }

    private static IResult Answer(bool isWell, Readiness readiness) =>
        Results.Json(new HealthAnswer(readiness.Status, readiness.Degraded), statusCode: isWell ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
}
