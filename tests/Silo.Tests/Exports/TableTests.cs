using System.IO.Pipelines;
using Flywheel.Silo.Api.Exports;
using Flywheel.Silo.Api.Log;

namespace Flywheel.Silo.Tests.Exports;

/// <summary>Tables of more rows than anybody would keep in memory, and columns as they are documented.</summary>
public sealed class TableTests
{
    private const int ManyRows = 400_000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>However many rows there are: what is held of them is a group, and of what they became a group's pages.</summary>
    [Fact]
    public async Task Parquet_OfManyRows_HoldsNoMoreThanAGroupAtOnce()
    {
        const int OneIn = 64;
        var (watched, written, mostAlive, mostUnflushed) = (new List<WeakReference>(), 0, 0, 0L);
        var pipe = PipeWriter.Create(Stream.Null, new StreamPipeWriterOptions(leaveOpen: true));
        var table = TableFormats.Open(TableFormat.Parquet, DecisionLog.Columns, pipe);

        await table.WriteAsync(Rows(ManyRows).Select(Watch), Cancel);
        await table.EndAsync(Cancel);

        Assert.InRange(mostAlive, 1, ParquetTable<LogRow>.GroupRows / OneIn + 16);
        // A row takes fewer than 100 bytes, and nothing waits beyond its group.
        Assert.InRange(mostUnflushed, 0, ParquetTable<LogRow>.GroupRows * 100);

        LogRow Watch(LogRow row)
        {
            mostUnflushed = Math.Max(mostUnflushed, pipe.UnflushedBytes);
            if (++written % OneIn == 0)
                watched.Add(new WeakReference(row));
            if (written % 50_000 == 0)
            {
                GC.Collect();
                mostAlive = Math.Max(mostAlive, watched.Count(each => each.IsAlive));
            }
            return row;
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(ParquetTable<LogRow>.GroupRows, 1)]
    [InlineData(ParquetTable<LogRow>.GroupRows + 1, 2)]
    public async Task Parquet_Rows_AreInGroupsOfBoundedSize(int rows, int groups)
    {
        var output = new MemoryStream();
        await WriteAsync(TableFormat.Parquet, rows, output);

        var file = await ParquetFile.ReadAsync(output.ToArray());

        Assert.Equal((groups, rows), (file.Groups.Count, file.Rows.Count));
        Assert.All(file.Groups, group => Assert.InRange(group, 1, ParquetTable<LogRow>.GroupRows));
        Assert.Equal(DecisionLog.Columns.Select(column => column.Name), file.Schema.DataFields.Select(field => field.Name));
    }

    /// <summary>Where it breaks off nothing may take it for the whole of it.</summary>
    [Fact]
    public async Task Parquet_CutOff_IsNoFile()
    {
        var output = new MemoryStream();
        var pipe = PipeWriter.Create(output, new StreamPipeWriterOptions(leaveOpen: true));
        var table = TableFormats.Open(TableFormat.Parquet, DecisionLog.Columns, pipe);
        await table.WriteAsync(Rows(ParquetTable<LogRow>.GroupRows + 10), Cancel);
        await pipe.CompleteAsync();

        Assert.True(output.Length > 0);
        await Assert.ThrowsAnyAsync<Exception>(() => ParquetFile.ReadAsync(output.ToArray()));
    }

    /// <summary>A reader that takes nothing holds the writer up: it does not read on into memory.</summary>
    [Theory]
    [InlineData(TableFormat.Csv)]
    [InlineData(TableFormat.Ndjson)]
    [InlineData(TableFormat.Parquet)]
    public async Task Table_OfASlowReader_WaitsForIt(TableFormat format)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 64 * 1024, resumeWriterThreshold: 32 * 1024));
        var taken = 0;
        var table = TableFormats.Open(format, DecisionLog.Columns, pipe.Writer);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var writing = Task.Run(async () => await table.WriteAsync(Rows(ManyRows).Select(row => { Interlocked.Increment(ref taken); return row; }), stop.Token), Cancel);

        await Eventually.ReadsAsync(() => Task.FromResult(Volatile.Read(ref taken)), many => many > 0, "the first rows");
        // Rows are taken until what nobody reads holds it up; a whole group at the most, and a flush.
        var before = -1;
        await Eventually.ReadsAsync(
            async () =>
            {
                before = Volatile.Read(ref taken);
                await Task.Delay(200, Cancel);
                return Volatile.Read(ref taken);
            },
            now => now == before, "a writer that waits");

        Assert.False(writing.IsCompleted);
        Assert.InRange(taken, 1, 2 * ParquetTable<LogRow>.GroupRows);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing);
    }

    [Theory]
    [InlineData("scores")]
    [InlineData("log")]
    public void Columns_AreAsDocumented(string table)
    {
        var documented = File.ReadLines(Repository.File("docs/data-out.md")).SkipWhile(line => line != $"### {table}").Skip(1).TakeWhile(line => !line.StartsWith('#'))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => string.Join('|', line.Split('|', StringSplitOptions.TrimEntries)[1..5]));

        Assert.Equal(table == "log" ? Described(DecisionLog.Columns) : Described(ScoreTable.Columns), documented);
    }

    private static IEnumerable<string> Described<TRow>(IReadOnlyList<Column<TRow>> columns) =>
        columns.Select(column => $"`{column.Name}`|{column.Type}|{column.Unit}|{(column.IsNullable ? "yes" : "no")}");

    private static async Task WriteAsync(TableFormat format, int rows, Stream output)
    {
        var pipe = PipeWriter.Create(output, new StreamPipeWriterOptions(leaveOpen: true));
        var table = TableFormats.Open(format, DecisionLog.Columns, pipe);
        await table.WriteAsync(Rows(rows), Cancel);
        await table.EndAsync(Cancel);
        await pipe.CompleteAsync();
    }

    private static IEnumerable<LogRow> Rows(int many) =>
        Enumerable.Range(0, many).Select(i => new LogRow(i % 2 == 0 ? "default" : "young-urban", $"h{i % 8}|i{i % 5}", 1.0 / (i % 97 + 1), i % 3 * 1_500_000, 1_770_000_000_000 + i, "learned", ""));
}
