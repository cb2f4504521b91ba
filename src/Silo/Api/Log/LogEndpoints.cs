using Flywheel.Grains.Replicas;
using Flywheel.Silo.Api.Exports;
using Flywheel.Silo.Metrics;

namespace Flywheel.Silo.Api.Log;

/// <summary><c>/v1/campaigns/{id}/log</c>: sampled decisions with their propensities and rewards.</summary>
internal static class LogEndpoints
{
    public static void MapDecisionLog(this IEndpointRouteBuilder app) =>
        app.MapGet("/v1/campaigns/{id}/log", GetAsync)
            .WithTags("Log")
            .WithSummary("A uniform sample of decisions with propensities and rewards, as evaluate reads it; format=csv, ndjson or parquet, segment=ID")
            .Produces<string>(200, TableFormats.CsvType, TableFormats.LinesType, TableFormats.ParquetType)
            .ProducesProblem(400)
            .ProducesProblem(404)
            .ProducesProblem(503)
            .WithMetadata(TableSender.Refused(ExportMetrics.Log));

    private static Task GetAsync(HttpContext context, string id, CampaignReplica replica, IGrainFactory grains, TableSender sender) =>
        TableRequest.Read(new QueryReader(context.Request), context.Request, id, replica, out var refusal) is { } asked
            ? sender.SendAsync(context, ExportMetrics.Log, asked.Format, DecisionLog.Columns, DecisionLog.ReadAsync(asked.Campaign, asked.Segment, grains, context.RequestAborted))
            : refusal!.ExecuteAsync(context);
}
