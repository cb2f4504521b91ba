using System.Globalization;
using System.Text.Json;
using Flywheel.Domain.Campaigns;
using Parquet;
using Parquet.Schema;

namespace Flywheel.Silo.Api.Exports;

/// <summary>Sums of weights, which the engine keeps in millionths: exact decimals in CSV and JSON, the nearest doubles in Parquet.</summary>
internal sealed class AmountColumn<TRow>(string name, Func<TRow, long> micros) : Column<TRow>(name, "sum of weights", isNullable: false)
{
    public override string Type => "number";

    public override DataField Field { get; } = new DataField<double>(name, nullable: false);

    public override string ToCsv(TRow row) => Exact(row).ToString(CultureInfo.InvariantCulture);

    public override void WriteJson(Utf8JsonWriter json, TRow row) => json.WriteNumberValue(Exact(row));

    public override Task WriteParquetAsync(ParquetRowGroupWriter group, IReadOnlyList<TRow> rows, CancellationToken cancellationToken) =>
        group.WriteAsync<double>(Field, rows.Select(row => (double)Exact(row)).ToArray().AsMemory(), cancellationToken: cancellationToken);

    private decimal Exact(TRow row) => micros(row) / (decimal)Rewards.Micro;
}
