using Flywheel.Client;
using Flywheel.Grains.Replicas;
using Flywheel.Silo.Api.Description;

namespace Flywheel.Silo.Api.Experiments;

/// <summary><c>/v1/campaigns/{id}/experiment</c>: what learning gains over the control group.</summary>
internal static class ExperimentEndpoints
{
    public static void MapExperiments(this IEndpointRouteBuilder app) =>
        app.MapGet("/v1/campaigns/{id}/experiment", GetAsync)
            .WithTags("Experiment")
            .WithSummary("Learned against control: lift with an interval valid at every look, sample ratio, verdict and its sentence; language=fr or en")
            .Asks("language", "Of the sentences; en unless asked for", "en", "fr")
            .Produces<Experiment>()
            .ProducesProblem(400)
            .ProducesProblem(404);

    private static async Task GetAsync(HttpContext context, string id, CampaignReplica replica)
    {
        var query = new QueryReader(context.Request);
        var language = query.OneOf("language", ["en", "fr"]) ?? "en";
        if (replica.Find(id) is not { } campaign)
        {
            await Problem.NotFound(id).ExecuteAsync(context);
            return;
        }
        if (query.Errors.Count > 0)
        {
            await Problem.BadRequest(query.Errors).ExecuteAsync(context);
            return;
        }
        var answer = ResponseBuffer.Rent();
        ExperimentWriter.Write(answer.Json, campaign, language);
        await answer.SendAsync(context.Response, StatusCodes.Status200OK);
    }
}
