using Flywheel.Client;
using Flywheel.Decisions;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Learning.Evidence;
using Flywheel.Grains.Replicas;
using Flywheel.Silo.Api.Description;

namespace Flywheel.Silo.Api.Trends;

/// <summary><c>/v1/campaigns/{id}/trends</c>: modules and the experiment through time.</summary>
internal static class TrendEndpoints
{
    private const int MostPoints = EvidenceTable.MaxBuckets;

    public static void MapTrends(this IEndpointRouteBuilder app) =>
        app.MapGet("/v1/campaigns/{id}/trends", Get).WithTags("Scores").WithSummary("Modules of a segment through time, and the lift of all")
            .Asks("segment", "The segment; default unless asked for").Asks("slot", "This slot alone").Asks("from", "A time; what ended before is left out")
            .Asks("to", "A time; what began after is left out").Asks("points", "At most so many a module, 1 to 28")
            .Produces<Client.Trends>().ProducesProblem(400).ProducesProblem(404);

    private static IResult Get(string id, HttpContext context, CampaignReplica replica, LiftNotes notes)
    {
        if (replica.Find(id) is not { } campaign)
            return Problem.NotFound(id);
        var query = new QueryReader(context.Request);
        var segment = query.OneOf("segment", campaign.Layout.SegmentIds) ?? Ids.DefaultSegment;
        var slot = query.OneOf("slot", [.. campaign.Layout.Slots.Select(each => each.Id)]);
        var (from, to) = (query.Time("from") ?? DateTimeOffset.MinValue, query.Time("to") ?? DateTimeOffset.MaxValue);
        var points = query.Number("points", MostPoints, 1, MostPoints);
        if (query.Errors.Count > 0)
            return Problem.BadRequest(query.Errors);
        var evidence = campaign.Segment(segment)?.Served?.Counts.Evidence ?? SegmentEvidence.None;
        var slots = campaign.Layout.Slots.Where(each => slot is null || each.Id == slot).Select(each => new SlotTrends(
            each.Id, [.. each.Modules.Select(module => new ModuleTrend(module.Id, module.Version, PointsOf(evidence, module.Key, from, to, (int)points)))]));
        var experiment = notes.Of(campaign);
        return Results.Ok(new Client.Trends(campaign.Published.LocalId, segment, [.. slots], experiment with { Points = [.. experiment.Points.Where(point => point.At >= from && point.At <= to)] }));
    }

    private static TrendPoint[] PointsOf(SegmentEvidence evidence, ulong module, DateTimeOffset from, DateTimeOffset to, int most) =>
    [
        .. Domain.Scoring.Trends.ModuleTrend.Of(evidence, module, from.ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds(), most).Select(point => new TrendPoint(
            DateTimeOffset.FromUnixTimeMilliseconds(point.StartMs), DateTimeOffset.FromUnixTimeMilliseconds(point.EndMs), point.Impressions, point.RewardMicros / (double)Rewards.Micro)
        {
            Rate = point.Rate is { } rate ? new Estimate(Math.Round(rate.Mean, 8), Math.Round(rate.Low, 8), Math.Round(rate.High, 8)) : null,
        }),
    ];
}
