using System.Globalization;
using System.Text.Json;
using Parquet;
using Parquet.Schema;

namespace Flywheel.Silo.Api.Exports;

/// <summary>Numbers: doubles in Parquet, and in the other formats written so that they are read back the same.</summary>
internal sealed class NumberColumn<TRow>(string name, string unit, Func<TRow, double?> read, bool isNullable = false) : Column<TRow>(name, unit, isNullable)
{
    public override string Type => "number";

    public override DataField Field { get; } = new DataField<double>(name, nullable: isNullable);

    public override string ToCsv(TRow row) => read(row)?.ToString("R", CultureInfo.InvariantCulture) ?? "";

    public override void WriteJson(Utf8JsonWriter json, TRow row)
    {
        if (read(row) is { } value)
            json.WriteNumberValue(value);
        else
            json.WriteNullValue();
    }

    public override Task WriteParquetAsync(ParquetRowGroupWriter group, IReadOnlyList<TRow> rows, CancellationToken cancellationToken) => IsNullable
        ? group.WriteAsync<double>(Field, rows.Select(read).ToArray().AsMemory(), cancellationToken: cancellationToken)
        : group.WriteAsync<double>(Field, rows.Select(row => read(row)!.Value).ToArray().AsMemory(), cancellationToken: cancellationToken);
}
