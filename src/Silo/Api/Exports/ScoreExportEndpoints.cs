using Flywheel.Grains.Replicas;
using Flywheel.Silo.Api.Description;
using Flywheel.Silo.Metrics;

namespace Flywheel.Silo.Api.Exports;

/// <summary><c>/v1/campaigns/{id}/scores/export</c>: the scores as a table.</summary>
internal static class ScoreExportEndpoints
{
    public static void MapScoreExport(this IEndpointRouteBuilder app) =>
        app.MapGet("/v1/campaigns/{id}/scores/export", GetAsync)
            .WithTags("Scores")
            .WithSummary("The scores as a table, a row for each module in each segment")
            .Asks("format", "Else what Accept says, else csv", TableFormats.Names).Asks("segment", "This segment alone").Asks("by", "Adds rows for each segment's channels", "channel")
            .Produces<string>(200, TableFormats.CsvType, TableFormats.LinesType, TableFormats.ParquetType)
            .ProducesProblem(400)
            .ProducesProblem(404)
            .WithMetadata(TableSender.Refused(ExportMetrics.Scores));

    private static Task GetAsync(HttpContext context, string id, CampaignReplica replica, ScoreTable table, TableSender sender)
    {
        var query = new QueryReader(context.Request);
        var byChannel = query.OneOf("by", ["channel"]) is not null;
        if (TableRequest.Read(query, context.Request, id, replica, out var refusal) is not { } asked)
            return refusal!.ExecuteAsync(context);
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"{asked.Campaign.Published.LocalId}-scores.{TableFormats.NameOf(asked.Format)}\"";
        return sender.SendAsync(context, ExportMetrics.Scores, asked.Format, ScoreTable.Columns, table.ReadAsync(asked.Campaign, asked.Segment, byChannel));
    }
}
