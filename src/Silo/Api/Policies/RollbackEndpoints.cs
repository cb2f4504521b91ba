using Flywheel.Abstractions.Campaigns;
using Flywheel.Abstractions.Partitions;
using Flywheel.Client;
using Flywheel.Decisions;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Learning.Checkpoints;
using Flywheel.Grains.Replicas;
using Flywheel.Silo.Api.Access;
using Flywheel.Silo.Api.Description;
using Flywheel.Silo.Metrics;

namespace Flywheel.Silo.Api.Policies;

/// <summary><c>/v1/campaigns/{id}/policy/checkpoints</c> and <c>/rollback</c>: what policies can go back to, and going back.</summary>
internal static class RollbackEndpoints
{
    public static void MapRollbacks(this IEndpointRouteBuilder app)
    {
        var policy = app.MapGroup("/v1/campaigns/{id}/policy").WithTags("Operating");
        policy.MapGet("checkpoints", ListAsync).WithSummary("What policies can go back to, newest first").Asks("segment", "This segment alone")
            .Produces<PolicyCheckpoints>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(503);
        policy.MapPost("rollback", RollBackAsync).WithSummary("Go back to what was learnt by an earlier moment; counts stay").Takes<RollbackRequest>()
            .Produces<PolicyRollback>().Produces<PolicyRollback>(202).ProducesProblem(400).ProducesProblem(404).ProducesProblem(422).ProducesProblem(503);
    }

    private static async Task<IResult> ListAsync(string id, HttpContext context, CampaignReplica replica, Grains.Rollbacks.PolicyRollback rollbacks)
    {
        if (replica.Find(id) is not { Published: { } published } campaign)
            return Problem.NotFound(id);
        var query = new QueryReader(context.Request);
        var segment = query.OneOf("segment", campaign.Layout.SegmentIds);
        if (query.Errors.Count > 0)
            return Problem.BadRequest(query.Errors);
        var segments = await rollbacks.ReadAsync(published, segment, context.RequestAborted);
        return Results.Ok(new PolicyCheckpoints(published.LocalId, [.. segments.Select(ShownOf)]));
    }

    private static async Task<IResult> RollBackAsync(string id, HttpContext context, IGrainFactory grains, CampaignReplica replica, FlywheelMetrics metrics, TimeProvider time)
    {
        using var body = await RequestBody.ReadAsync(context.Request, RollbackReader.MaxBody, context.RequestAborted);
        var request = RollbackReader.Read(body.Memory, time.GetUtcNow(), out var error);
        if (request?.Segment is { } segment && replica.Find(id) is { } campaign && !campaign.Layout.SegmentIds.Contains(segment))
            error = new FieldError("segment", $"\"{Problem.Shorten(segment)}\"", "a segment of the campaign");
        if (request is null || error is not null)
            return Counted(metrics, "refused", Problem.BadRequest(error!));
        var outcome = await grains.GetGrain<ICampaignGrain>(id).RollBackAsync(
            new RollbackMessage(request.To.ToUnixTimeMilliseconds(), request.Segment, AskedOf(request, context)), CancellationToken.None);
        if (outcome is null)
            return Problem.NotFound(id);
        if (outcome.Refused is { } expected)
            return Counted(metrics, "refused", Problem.Unprocessable([new FieldError("to", TextOf(request.To), expected)]));
        var answer = new PolicyRollback(
            CampaignKeys.IdOf(id), TimeOf(outcome.AtMs), request.To, TimeOf(outcome.AtMs - 1), outcome.IsServed,
            [.. outcome.Segments.Select(each => new Client.RolledBackSegment(each.Segment, TimeOf(each.ToMs), each.Impressions, RewardOf(each.RewardMicros)))], outcome.Without);
        return Counted(metrics, "done", Results.Json(answer, statusCode: outcome.IsServed ? StatusCodes.Status200OK : StatusCodes.Status202Accepted));
    }

    private static IResult Counted(FlywheelMetrics metrics, string outcome, IResult answer)
    {
        metrics.RolledBack(outcome);
        return answer;
    }

    /// <summary>For the history: what was asked for, and by whose key where keys are used.</summary>
    private static string AskedOf(RollbackRequest request, HttpContext context) =>
        $"to {TextOf(request.To)}{(context.Caller().Name is { Length: > 0 } name ? $", asked for by {Problem.Shorten(name)}" : "")}";

    private static SegmentCheckpoints ShownOf(SegmentCheckpointsMessage segment) =>
        new(segment.Segment, segment.Rollbacks, [.. segment.Checkpoints.Reverse().Select(kept => new Client.PolicyCheckpoint(TimeOf(kept.AtMs), NameOf(kept.Kind), kept.Impressions, RewardOf(kept.RewardMicros)))]);

    private static string NameOf(CheckpointKind kind) => kind switch
    {
        CheckpointKind.BeforeRollback => "beforeRollback",
        CheckpointKind.RolledBack => "rolledBack",
        _ => "regular",
    };

    private static string TextOf(DateTimeOffset time) => Grains.Rollbacks.PolicyRollback.TextOf(time.ToUnixTimeMilliseconds());

    private static DateTimeOffset TimeOf(long unixMs) => DateTimeOffset.FromUnixTimeMilliseconds(unixMs);

    private static double RewardOf(long micros) => micros / (double)Rewards.Micro;
}
