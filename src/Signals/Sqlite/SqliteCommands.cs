using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;

namespace Flywheel.Signals.Sqlite;

/// <summary>Statements with positional parameters, prepared once for each connection.</summary>
public static class SqliteCommands
{
    private static readonly ConditionalWeakTable<SqliteConnection, Dictionary<string, SqliteCommand>> Prepared = [];

    /// <summary>Runs a statement; returns the number of rows it changed.</summary>
    public static int Execute(this SqliteConnection connection, string sql, params ReadOnlySpan<object?> values) =>
        connection.Prepare(sql, values).ExecuteNonQuery();

    /// <summary>Runs a query of one value; default where there is no row.</summary>
    public static T? Scalar<T>(this SqliteConnection connection, string sql, params ReadOnlySpan<object?> values) =>
        connection.Prepare(sql, values).ExecuteScalar() is T value ? value : default;

    /// <summary>Runs a query and reads each row.</summary>
    public static List<T> Query<T>(this SqliteConnection connection, string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> values)
    {
        using var reader = connection.Prepare(sql, values).ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(read(reader));
        return rows;
    }

    private static SqliteCommand Prepare(this SqliteConnection connection, string sql, ReadOnlySpan<object?> values)
    {
        var commands = Prepared.GetOrCreateValue(connection);
        if (!commands.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 0; i < values.Length; i++)
                command.Parameters.AddWithValue($"@{i}", null);
            commands[sql] = command;
        }
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        return command;
    }
}
