using Flywheel.Abstractions.Partitions;
using Flywheel.Domain.Campaigns;
using Flywheel.Grains.Replicas;

namespace Flywheel.Silo.Api.Log;

/// <summary><c>/v1/campaigns/{id}/log</c>: sampled decisions with their propensities and rewards.</summary>
internal static class LogEndpoints
{
    private const string Csv = "csv";
    private const string Lines = "ndjson";

    public static void MapDecisionLog(this IEndpointRouteBuilder app) =>
        app.MapGet("/v1/campaigns/{id}/log", GetAsync)
            .WithTags("Log")
            .WithSummary("A uniform sample of decisions with propensities and rewards, as evaluate reads it; format=csv or ndjson, segment=ID")
            .Produces<string>(200, LogWriter.CsvType, LogWriter.LinesType)
            .ProducesProblem(400)
            .ProducesProblem(404)
            .ProducesProblem(503);

    private static async Task GetAsync(HttpContext context, string id, CampaignReplica replica, IGrainFactory grains)
    {
        if (replica.Find(id) is not { } campaign)
        {
            await Problem.NotFound(id).ExecuteAsync(context);
            return;
        }
        var format = FormatOf(context.Request);
        var segment = context.Request.Query["segment"] is [{ Length: > 0 } asked] ? asked : null;
        if (Refuse(campaign, format, segment) is { } refusal)
        {
            await refusal.ExecuteAsync(context);
            return;
        }
        var writer = new LogWriter(campaign, format == Csv);
        var partitions = campaign.Segments.Where(each => segment is null || each.Id.Segment == segment).Select(each => each.Partition).Distinct().Order()
            .Select(partition => grains.GetGrain<IPartitionGrain>(partition)).ToList();
        // Segments with more traffic are thinned more. Thinned alike, the rows are a uniform sample of the campaign.
        var thresholds = await Task.WhenAll(partitions.Select(partition => partition.SampleThresholdAsync(context.RequestAborted)));
        foreach (var partition in partitions)
        {
            // Nothing is written before the first partition has answered, so that a store that is away is still a 503.
            var sample = await partition.SampleAsync(id, campaign.Published.Incarnation, segment, thresholds.Min(), context.RequestAborted);
            await writer.WriteAsync(context.Response, sample.Decisions, context.RequestAborted);
        }
    }

    private static IResult? Refuse(ReplicatedCampaign campaign, string format, string? segment)
    {
        if (format is not (Csv or Lines))
            return Problem.BadRequest(new FieldError("format", $"\"{Problem.Shorten(format)}\"", "csv or ndjson"));
        return segment is not null && campaign.Segment(segment) is null
            ? Problem.BadRequest(new FieldError("segment", $"\"{Problem.Shorten(segment)}\"", $"one of {string.Join(", ", campaign.Layout.SegmentIds)}"))
            : null;
    }

    private static string FormatOf(HttpRequest request) =>
        request.Query["format"] is [{ Length: > 0 } asked] ? asked
        : request.Headers.Accept.ToString().Contains(LogWriter.LinesType, StringComparison.OrdinalIgnoreCase) ? Lines
        : Csv;
}
