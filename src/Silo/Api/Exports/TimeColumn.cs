using System.Globalization;
using System.Text.Json;
using Parquet;
using Parquet.Schema;

namespace Flywheel.Silo.Api.Exports;

/// <summary>Times of UTC to the millisecond: RFC 3339 in CSV and JSON, <c>timestamp(millis, UTC)</c> in Parquet.</summary>
internal sealed class TimeColumn<TRow>(string name, Func<TRow, long> unixMs) : Column<TRow>(name, "UTC, ms", isNullable: false)
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public override string Type => "time";

    public override DataField Field { get; } = new DateTimeDataField(name, DateTimeFormat.Timestamp, isAdjustedToUTC: true, unit: DateTimeTimeUnit.Millis, isNullable: false);

    public override string ToCsv(TRow row) => Time(row).ToString(Format, CultureInfo.InvariantCulture);

    public override void WriteJson(Utf8JsonWriter json, TRow row) => json.WriteStringValue(ToCsv(row));

    public override Task WriteParquetAsync(ParquetRowGroupWriter group, IReadOnlyList<TRow> rows, CancellationToken cancellationToken) =>
        group.WriteAsync<DateTime>(Field, rows.Select(row => Time(row).UtcDateTime).ToArray().AsMemory(), cancellationToken: cancellationToken);

    private DateTimeOffset Time(TRow row) => DateTimeOffset.FromUnixTimeMilliseconds(unixMs(row));
}
