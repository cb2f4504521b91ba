using System.Globalization;
using Parquet;
using Parquet.Schema;

namespace Flywheel.Silo.Tests.Exports;

/// <summary>A Parquet file as another program reads it.</summary>
/// <param name="Groups">Rows of each row group.</param>
/// <param name="Rows">By column; values as CSV has them, null for none.</param>
internal sealed record ParquetFile(ParquetSchema Schema, IReadOnlyList<long> Groups, IReadOnlyList<IReadOnlyDictionary<string, string?>> Rows)
{
    public static async Task<ParquetFile> ReadAsync(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        await using var reader = await ParquetReader.CreateAsync(stream);
        var (groups, rows) = (new List<long>(), new List<IReadOnlyDictionary<string, string?>>());
        for (var g = 0; g < reader.RowGroupCount; g++)
        {
            using var group = reader.OpenRowGroupReader(g);
            groups.Add(group.RowCount);
            var columns = new List<(string Name, string?[] Values)>();
            foreach (var field in reader.Schema.DataFields)
                columns.Add((field.Name, await ReadAsync(group, field)));
            rows.AddRange(Enumerable.Range(0, (int)group.RowCount).Select(row => columns.ToDictionary(column => column.Name, column => column.Values[row])));
        }
        return new ParquetFile(reader.Schema, groups, rows);
    }

    private static async Task<string?[]> ReadAsync(ParquetRowGroupReader group, DataField field)
    {
        if (field.ClrType == typeof(string) || field.ClrType == typeof(ReadOnlyMemory<char>))
        {
            var texts = new string?[group.RowCount];
            await group.ReadAsync(field, texts.AsMemory());
            return texts;
        }
        return field.ClrType == typeof(long) ? await ReadAsync<long>(group, field, value => value.ToString(CultureInfo.InvariantCulture))
            : field.ClrType == typeof(double) ? await ReadAsync<double>(group, field, value => value.ToString("R", CultureInfo.InvariantCulture))
            : await ReadAsync<DateTime>(group, field, value => value.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
    }

    private static async Task<string?[]> ReadAsync<T>(ParquetRowGroupReader group, DataField field, Func<T, string> write)
        where T : struct
    {
        if (field.IsNullable)
        {
            var some = new T?[group.RowCount];
            await group.ReadAsync<T>(field, some.AsMemory());
            return [.. some.Select(value => value is { } there ? write(there) : null)];
        }
        var values = new T[group.RowCount];
        await group.ReadAsync<T>(field, values.AsMemory());
        return [.. values.Select(write)];
    }
}
