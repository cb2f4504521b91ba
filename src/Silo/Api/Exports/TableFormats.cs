using System.IO.Pipelines;

namespace Flywheel.Silo.Api.Exports;

/// <summary>What formats are called, and who writes them.</summary>
internal static class TableFormats
{
    public const string CsvType = "text/csv";
    public const string LinesType = "application/x-ndjson";
    public const string ParquetType = "application/vnd.apache.parquet";

    private static readonly TableFormat[] All = Enum.GetValues<TableFormat>();

    public static string[] Names { get; } = [.. All.Select(NameOf)];

    /// <summary>Its name in queries, and the ending of its files.</summary>
    public static string NameOf(TableFormat format) => format.ToString().ToLowerInvariant();

    public static string TypeOf(TableFormat format) => format switch
    {
        TableFormat.Csv => CsvType,
        TableFormat.Ndjson => LinesType,
        _ => ParquetType,
    };

    /// <summary>What the parameter <c>format</c> asks for, or else the header <c>Accept</c>; CSV where neither does. What is wrong is noted.</summary>
    public static TableFormat Read(QueryReader query, HttpRequest request)
    {
        if (query.OneOf("format", Names) is { } named)
            return Array.IndexOf(Names, named) is >= 0 and var known ? All[known] : TableFormat.Csv;
        var accept = request.Headers.Accept.ToString();
        return All.Skip(1).FirstOrDefault(format => accept.Contains(TypeOf(format), StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Begins a table. Nothing is written before its first rows, or its end.</summary>
    public static TableWriter<TRow> Open<TRow>(TableFormat format, IReadOnlyList<Column<TRow>> columns, PipeWriter output) => format switch
    {
        TableFormat.Csv => new CsvTable<TRow>(columns, output),
        TableFormat.Ndjson => new LinesTable<TRow>(columns, output),
        _ => new ParquetTable<TRow>(columns, output),
    };
}
