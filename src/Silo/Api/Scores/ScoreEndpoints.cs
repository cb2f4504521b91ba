using Flywheel.Decisions;
using Flywheel.Domain.Campaigns;
using Flywheel.Grains.Replicas;
using Flywheel.Silo.Api.Description;

namespace Flywheel.Silo.Api.Scores;

/// <summary><c>/v1/campaigns/{id}/scores</c> and its stream.</summary>
internal static class ScoreEndpoints
{
    public static void MapScores(this IEndpointRouteBuilder app)
    {
        var scores = app.MapGroup("/v1/campaigns/{id}/scores").WithTags("Scores");
        scores.MapGet("", GetAsync).WithSummary("Exact counts, shares, rates and resonance; by=channel adds channels").Asks("segment", "This segment alone").Asks("by", "Adds each segment's channels", "channel").Produces<Client.Scores>().ProducesProblem(400).ProducesProblem(404);
        scores.MapGet("stream", StreamAsync).WithSummary("The same as server-sent events: at once, then whenever it changed").Asks("segment", "This segment alone").Asks("by", "Adds each segment's channels", "channel").Produces<ScoreEvents>(200, "text/event-stream").ProducesProblem(400).ProducesProblem(404).ProducesProblem(429);
    }

    private static async Task GetAsync(HttpContext context, string id, CampaignReplica replica, ScoresWriter writer)
    {
        if (Refusal(context, id, replica, out var campaign, out var segment, out var byChannel) is { } refusal)
        {
            await refusal.ExecuteAsync(context);
            return;
        }
        var answer = ResponseBuffer.Rent();
        writer.Write(answer.Json, campaign!, segment, byChannel);
        await answer.SendAsync(context.Response, StatusCodes.Status200OK);
    }

    private static Task StreamAsync(HttpContext context, string id, CampaignReplica replica, ScoreStream stream) =>
        Refusal(context, id, replica, out _, out var segment, out var byChannel) is { } refusal
            ? refusal.ExecuteAsync(context)
            : stream.RunAsync(context, id, segment, byChannel);

    private static IResult? Refusal(HttpContext context, string id, CampaignReplica replica, out ReplicatedCampaign? campaign, out string? segment, out bool byChannel)
    {
        var query = context.Request.Query;
        segment = query["segment"] is [{ Length: > 0 } named] ? named : null;
        byChannel = query["by"] == "channel";
        campaign = replica.Find(id);
        if (campaign is null)
            return Problem.NotFound(id);
        if (query.ContainsKey("by") && !byChannel)
            return Problem.BadRequest(new FieldError("by", $"\"{Problem.Shorten(query["by"].ToString())}\"", "channel"));
        return segment is not null && campaign.Segment(segment) is null
            ? Problem.BadRequest(new FieldError("segment", $"\"{Problem.Shorten(segment)}\"", $"a segment of {CampaignKeys.IdOf(id)}"))
            : null;
    }
}
