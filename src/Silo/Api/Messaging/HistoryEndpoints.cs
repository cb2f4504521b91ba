using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Flywheel.Abstractions.Messaging;
using Flywheel.Client;
using Flywheel.Decisions;
using Flywheel.Domain.Campaigns;
using Flywheel.Silo.Api.Description;
using HistoryEntry = Flywheel.Domain.Governance.Proposals.HistoryEntry;

namespace Flywheel.Silo.Api.Messaging;

/// <summary><c>/v1/campaigns/{id}/history</c>: what happened, a page of it or all.</summary>
internal static class HistoryEndpoints
{
    private const string Csv = "csv";
    private const string Json = "json";
    private const string CsvType = "text/csv";

    /// <summary>Entries of a page, and that are read at once.</summary>
    private const int MaxEntries = 1_000;

    private const int FlushEvery = 64 * 1024;

    public static void MapHistory(this IEndpointRouteBuilder app) =>
        app.MapGet("/v1/campaigns/{id}/history", GetAsync).WithTags("Messaging").WithSummary("What happened, newest first: a page, or all of it with format=csv or json")
            .Asks("limit", "1 to 1000; of a page").Asks("before", "Entries with a lower number")
            .Asks("format", "All of it, as a file", Csv, Json)
            .Asks("kind", "Entries of this kind", [.. HistoryFilter.KindNames]).Asks("actor", "What they did", "person", "agents", "auto")
            .Asks("slot", "Entries about this slot").Asks("module", "Entries about modules of this id").Asks("from", "A time; none before").Asks("to", "A time; none after")
            .Produces<History>(200, "application/json", CsvType).ProducesProblem(400).ProducesProblem(404);

    private static async Task GetAsync(string id, HttpContext context, IGrainFactory grains)
    {
        var query = new QueryReader(context.Request);
        var (limit, before) = (query.Number("limit", MaxEntries, 1, MaxEntries), query.Number("before", long.MaxValue, 0, long.MaxValue));
        var format = query.OneOf("format", [Csv, Json]);
        var filter = HistoryFilter.Read(query);
        if (query.Errors.Count > 0)
        {
            await Problem.BadRequest(query.Errors).ExecuteAsync(context);
            return;
        }
        // The first entries are read before anything is written, so that what fails is told as such.
        var most = format is null && filter == HistoryFilter.None ? (int)limit : MaxEntries;
        var first = await grains.GetGrain<IMessagingGrain>(id).ReadHistoryAsync(before, most, context.RequestAborted);
        if (first is null)
        {
            await Problem.NotFound(id).ExecuteAsync(context);
            return;
        }
        var entries = ReadAsync(grains.GetGrain<IMessagingGrain>(id), first, most, filter, context.RequestAborted);
        if (format is not null)
            context.Response.Headers.ContentDisposition = $"attachment; filename=\"{CampaignKeys.IdOf(id)}-history.{format}\"";
        if (format == Csv)
            await WriteCsvAsync(context.Response, entries, context.RequestAborted);
        else
            await WriteJsonAsync(context.Response, format is null ? entries.Take((int)limit) : entries, context.RequestAborted);
    }

    /// <summary>Those that the filter holds for, newest first; pages are read as they are needed.</summary>
    private static async IAsyncEnumerable<HistoryEntry> ReadAsync(
        IMessagingGrain grain, HistoryMessage? page, int most, HistoryFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (page is { Entries: { IsEmpty: false } entries })
        {
            foreach (var entry in entries.Where(filter.Holds))
                yield return entry;
            if (entries.Length < most || entries[^1].At < filter.From)
                yield break;
            page = await grain.ReadHistoryAsync(entries[^1].Number, most, cancellationToken);
        }
    }

    private static async Task WriteCsvAsync(HttpResponse response, IAsyncEnumerable<HistoryEntry> entries, CancellationToken cancellationToken)
    {
        response.ContentType = $"{CsvType}; charset=utf-8";
        HistoryCsv.WriteHeader(response.BodyWriter);
        await foreach (var entry in entries)
        {
            HistoryCsv.Write(response.BodyWriter, entry);
            await FlushAsync(response, cancellationToken);
        }
        await response.BodyWriter.FlushAsync(cancellationToken);
    }

    private static async Task WriteJsonAsync(HttpResponse response, IAsyncEnumerable<HistoryEntry> entries, CancellationToken cancellationToken)
    {
        response.ContentType = "application/json; charset=utf-8";
        Encoding.UTF8.GetBytes("{\"entries\":[", response.BodyWriter);
        var isFirst = true;
        await foreach (var entry in entries)
        {
            if (!isFirst)
                response.BodyWriter.Write(","u8);
            isFirst = false;
            using (var json = new Utf8JsonWriter(response.BodyWriter, JsonText.Compact))
                MessagingWriter.Write(json, entry);
            await FlushAsync(response, cancellationToken);
        }
        response.BodyWriter.Write("]}"u8);
        await response.BodyWriter.FlushAsync(cancellationToken);
    }

    /// <summary>Hands over what was written once it is worth it, and waits for a slow reader.</summary>
    private static async ValueTask FlushAsync(HttpResponse response, CancellationToken cancellationToken)
    {
        if (response.BodyWriter.UnflushedBytes > FlushEvery)
            await response.BodyWriter.FlushAsync(cancellationToken);
    }
}
