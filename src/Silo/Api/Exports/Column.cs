using System.Text.Json;
using Parquet;
using Parquet.Schema;

namespace Flywheel.Silo.Api.Exports;

/// <summary>A column of a table that leaves the engine: one definition for every format.</summary>
/// <param name="name">In all formats.</param>
/// <param name="unit">What a value is counted in; empty where it is a name.</param>
/// <param name="isNullable">Whether rows may have none: an empty cell of CSV, null elsewhere.</param>
internal abstract class Column<TRow>(string name, string unit, bool isNullable)
{
    public string Name => name;

    public string Unit => unit;

    public bool IsNullable => isNullable;

    /// <summary><c>text</c>, <c>integer</c>, <c>number</c> or <c>time</c>.</summary>
    public abstract string Type { get; }

    public abstract DataField Field { get; }

    /// <summary>The cell, as CSV has it.</summary>
    public abstract string ToCsv(TRow row);

    /// <summary>The value alone, without its name.</summary>
    public abstract void WriteJson(Utf8JsonWriter json, TRow row);

    public abstract Task WriteParquetAsync(ParquetRowGroupWriter group, IReadOnlyList<TRow> rows, CancellationToken cancellationToken);
}
