namespace Flywheel.Silo.Api.Exports;

/// <summary>How a table is written.</summary>
public enum TableFormat
{
    /// <summary>RFC 4180 with a header, lines end with a line feed.</summary>
    Csv,

    /// <summary>A JSON object a line.</summary>
    Ndjson,

    /// <summary>Apache Parquet, in row groups of bounded size.</summary>
    Parquet,
}
