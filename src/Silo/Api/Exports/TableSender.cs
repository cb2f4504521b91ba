using Flywheel.Silo.Metrics;

namespace Flywheel.Silo.Api.Exports;

/// <summary>Sends tables as they are read, at the pace of whoever asked.</summary>
internal sealed class TableSender(ExportMetrics metrics)
{
    /// <param name="table">One of the tables of <see cref="ExportMetrics"/>.</param>
    /// <param name="rows">Some at a time: what is in memory at once. Nothing is written before the first have come, so that a store that is away is still a 503.</param>
    public async Task SendAsync<TRow>(HttpContext context, string table, TableFormat format, IReadOnlyList<Column<TRow>> columns, IAsyncEnumerable<IEnumerable<TRow>> rows)
    {
        try
        {
            var type = TableFormats.TypeOf(format);
            context.Response.ContentType = format == TableFormat.Parquet ? type : $"{type}; charset=utf-8";
            var writer = TableFormats.Open(format, columns, context.Response.BodyWriter);
            await foreach (var some in rows)
                await writer.WriteAsync(some, context.RequestAborted);
            await writer.EndAsync(context.RequestAborted);
            metrics.Sent(table, ExportMetrics.Done);
        }
        catch (Exception)
        {
            metrics.Sent(table, ExportMetrics.Failed);
            throw;
        }
    }

    /// <summary>Counts what is refused of a table; what is sent counts as it ends.</summary>
    /// <param name="table">One of the tables of <see cref="ExportMetrics"/>.</param>
    public static CountedAnswers Refused(string table) => new((context, status) =>
    {
        if (CountedAnswers.IsBadInput(status))
            context.RequestServices.GetRequiredService<ExportMetrics>().Sent(table, ExportMetrics.Invalid);
    });
}
