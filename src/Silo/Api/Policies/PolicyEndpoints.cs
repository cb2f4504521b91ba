using Flywheel.Grains.Replicas;
using Flywheel.Silo.Api.Access;
using Flywheel.Silo.Hosting;

namespace Flywheel.Silo.Api.Policies;

/// <summary><c>/v1/campaigns/{id}/policy</c> and its stream: what clients that decide locally decide from.</summary>
internal static class PolicyEndpoints
{
    public static void MapPolicies(this IEndpointRouteBuilder app)
    {
        var policy = app.MapGroup("/v1/campaigns/{id}/policy").WithTags("Local decisions").ForServingAndReading();
        policy.MapGet("", GetAsync).WithSummary("The snapshot that decisions are taken from, with its ETag").Produces<PolicyShapes.PolicyDocument>().Produces(304).ProducesProblem(404).ProducesProblem(503);
        policy.MapGet("stream", StreamAsync).WithSummary("The same as server-sent events: whole at first, then what changed").Produces<PolicyShapes.PolicyEvents>(200, "text/event-stream").ProducesProblem(404).ProducesProblem(429).ProducesProblem(503);
    }

    private static async Task GetAsync(HttpContext context, string id, CampaignReplica replica, PolicySnapshots snapshots, Readiness readiness)
    {
        if (replica.Find(id) is not { } campaign)
        {
            await Refusal(context, id, readiness).ExecuteAsync(context);
            return;
        }
        var policy = snapshots.Of(campaign);
        context.Response.Headers.ETag = policy.ETag;
        context.Response.Headers.CacheControl = "no-cache";
        if (KnownTags.Hold(context.Request, policy.ETag))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = policy.Utf8.Length;
        await context.Response.BodyWriter.WriteAsync(policy.Utf8, context.RequestAborted);
    }

    private static Task StreamAsync(HttpContext context, string id, CampaignReplica replica, PolicyStream stream, Readiness readiness) =>
        replica.Find(id) is null ? Refusal(context, id, readiness).ExecuteAsync(context) : stream.RunAsync(context, id);

    private static IResult Refusal(HttpContext context, string id, Readiness readiness) => readiness.IsCurrent ? Problem.NotFound(id) : Problem.NotCurrent(context);
}
