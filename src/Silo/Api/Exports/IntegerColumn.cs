using System.Globalization;
using System.Text.Json;
using Parquet;
using Parquet.Schema;

namespace Flywheel.Silo.Api.Exports;

/// <summary>Whole numbers of 64 bits.</summary>
internal sealed class IntegerColumn<TRow>(string name, string unit, Func<TRow, long?> read, bool isNullable = false) : Column<TRow>(name, unit, isNullable)
{
    public override string Type => "integer";

    public override DataField Field { get; } = new DataField<long>(name, nullable: isNullable);

    public override string ToCsv(TRow row) => read(row)?.ToString(CultureInfo.InvariantCulture) ?? "";

    public override void WriteJson(Utf8JsonWriter json, TRow row)
    {
        if (read(row) is { } value)
            json.WriteNumberValue(value);
        else
            json.WriteNullValue();
    }

    public override Task WriteParquetAsync(ParquetRowGroupWriter group, IReadOnlyList<TRow> rows, CancellationToken cancellationToken) => IsNullable
        ? group.WriteAsync<long>(Field, rows.Select(read).ToArray().AsMemory(), cancellationToken: cancellationToken)
        : group.WriteAsync<long>(Field, rows.Select(row => read(row)!.Value).ToArray().AsMemory(), cancellationToken: cancellationToken);
}
