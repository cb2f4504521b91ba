using System.IO.Pipelines;
using System.Text;

namespace Flywheel.Silo.Api.Exports;

/// <summary>A table as CSV.</summary>
internal sealed class CsvTable<TRow>(IReadOnlyList<Column<TRow>> columns, PipeWriter output) : TableWriter<TRow>(columns, output)
{
    /// <summary>Rows between two looks at how fast the reader is.</summary>
    private const int RowsAFlush = 512;

    private bool _hasStarted;

    public override async ValueTask WriteAsync(IEnumerable<TRow> rows, CancellationToken cancellationToken)
    {
        Start();
        foreach (var some in rows.Chunk(RowsAFlush))
        {
            foreach (var row in some)
                Encoding.UTF8.GetBytes(string.Join(',', Columns.Select(column => column.ToCsv(row))) + "\n", Output);
            await FlushAsync(cancellationToken);
        }
    }

    public override ValueTask EndAsync(CancellationToken cancellationToken)
    {
        Start();
        return FlushAsync(cancellationToken);
    }

    private void Start()
    {
        if (!_hasStarted)
            Encoding.UTF8.GetBytes(string.Join(',', Columns.Select(column => column.Name)) + "\n", Output);
        _hasStarted = true;
    }
}
