using System.IO.Pipelines;

namespace Flywheel.Silo.Api.Exports;

/// <summary>
/// Writes a table as it comes, in bounded memory, and waits for a slow reader. What was not ended is no whole file, and Parquet readers
/// refuse it. Not thread-safe.
/// </summary>
internal abstract class TableWriter<TRow>(IReadOnlyList<Column<TRow>> columns, PipeWriter output)
{
    protected IReadOnlyList<Column<TRow>> Columns => columns;

    protected PipeWriter Output => output;

    /// <summary>Takes rows in their order; it may keep some of them until there are more.</summary>
    public abstract ValueTask WriteAsync(IEnumerable<TRow> rows, CancellationToken cancellationToken);

    /// <summary>Writes what is left, and what makes it a whole file.</summary>
    public abstract ValueTask EndAsync(CancellationToken cancellationToken);

    /// <summary>Hands over what was written, and waits for whoever reads it.</summary>
    protected async ValueTask FlushAsync(CancellationToken cancellationToken) => await output.FlushAsync(cancellationToken);
}
