using System.IO.Pipelines;
using Parquet;
using Parquet.Schema;

namespace Flywheel.Silo.Api.Exports;

/// <summary>
/// A table as Parquet. Rows wait until there is a row group of them: that, and its pages while they are made, is all that it keeps. The
/// footer grows by about 100 bytes a column for each group.
/// </summary>
internal sealed class ParquetTable<TRow>(IReadOnlyList<Column<TRow>> columns, PipeWriter output) : TableWriter<TRow>(columns, output)
{
    /// <summary>Rows of a group: a partition's sample of decisions makes one.</summary>
    public const int GroupRows = 16_384;

    private readonly List<TRow> _waiting = [];
    private ParquetWriter? _writer;

    public override async ValueTask WriteAsync(IEnumerable<TRow> rows, CancellationToken cancellationToken)
    {
        foreach (var row in rows)
        {
            _waiting.Add(row);
            if (_waiting.Count == GroupRows)
                await WriteGroupAsync(cancellationToken);
        }
    }

    public override async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        if (_waiting.Count > 0)
            await WriteGroupAsync(cancellationToken);
        // The footer is written here and nowhere else: what was cut off must not look whole.
        await (await StartAsync(cancellationToken)).DisposeAsync();
        await FlushAsync(cancellationToken);
    }

    private async Task WriteGroupAsync(CancellationToken cancellationToken)
    {
        using (var group = (await StartAsync(cancellationToken)).CreateRowGroup())
        {
            foreach (var column in Columns)
                await column.WriteParquetAsync(group, _waiting, cancellationToken);
        }
        _waiting.Clear();
        await FlushAsync(cancellationToken);
    }

    private async Task<ParquetWriter> StartAsync(CancellationToken cancellationToken) =>
        _writer ??= await ParquetWriter.CreateAsync(new ParquetSchema(Columns.Select(Field (column) => column.Field)), new HandedOver(Output), cancellationToken: cancellationToken);
}
