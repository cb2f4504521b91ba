using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Silo.Api.Exports;

/// <summary>A table as a JSON object a line.</summary>
internal sealed class LinesTable<TRow>(IReadOnlyList<Column<TRow>> columns, PipeWriter output) : TableWriter<TRow>(columns, output)
{
    /// <summary>Rows between two looks at how fast the reader is.</summary>
    private const int RowsAFlush = 512;

    public override async ValueTask WriteAsync(IEnumerable<TRow> rows, CancellationToken cancellationToken)
    {
        foreach (var some in rows.Chunk(RowsAFlush))
        {
            Write(some);
            await FlushAsync(cancellationToken);
        }
    }

    public override ValueTask EndAsync(CancellationToken cancellationToken) => FlushAsync(cancellationToken);

    private void Write(TRow[] rows)
    {
        using var json = new Utf8JsonWriter(Output, JsonText.Compact);
        foreach (var row in rows)
        {
            json.WriteStartObject();
            foreach (var column in Columns)
            {
                json.WritePropertyName(column.Name);
                column.WriteJson(json, row);
            }
            json.WriteEndObject();
            json.Flush();
            Output.Write("\n"u8);
            json.Reset();
        }
    }
}
