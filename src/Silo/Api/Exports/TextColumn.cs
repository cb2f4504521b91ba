using System.Text.Json;
using Parquet;
using Parquet.Schema;

namespace Flywheel.Silo.Api.Exports;

/// <summary>Text, UTF-8; a row that has none has an empty one.</summary>
/// <param name="read">Ids and words of the engine: what comes from elsewhere is to be defused for spreadsheets first.</param>
internal sealed class TextColumn<TRow>(string name, Func<TRow, string> read) : Column<TRow>(name, "", isNullable: false)
{
    public override string Type => "text";

    public override DataField Field { get; } = new DataField<string>(name, nullable: false);

    public override string ToCsv(TRow row) => CsvText.Quote(read(row));

    public override void WriteJson(Utf8JsonWriter json, TRow row) => json.WriteStringValue(read(row));

    public override Task WriteParquetAsync(ParquetRowGroupWriter group, IReadOnlyList<TRow> rows, CancellationToken cancellationToken) =>
        group.WriteAsync(Field, rows.Select(read).ToArray());
}
