using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Flywheel.Cli.Terminals;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Flywheel.Cli.Backup;

/// <summary>
/// <c>flywheel backup</c>: a copy of an embedded engine's data as it is at one moment, taken while the engine runs. It is restored by starting the
/// engine on the copy.
/// </summary>
internal static class BackupCommand
{
    private const string Database = "flywheel.db";
    private const string TokenKeys = "token.key";

    private static readonly TimeSpan LastWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    public static Command Create()
    {
        var data = new Argument<DirectoryInfo>("data") { Description = "The engine's --data folder; the engine may be running." };
        var to = new Argument<DirectoryInfo>("to") { Description = "A folder that is not there yet. Start the engine with --data on it (or on a copy of it) to restore." };
        var keys = new Option<FileInfo?>("--token-key") { Description = "The engine's --token-key file, where it has one; token.key in the data folder where left out." };
        var command = new Command("backup", "Copy an embedded engine's data while it runs: log, counts, campaigns and token keys of one moment.") { data, to, keys };
        Verb.Run(command, async (parsed, cancellationToken) =>
        {
            var started = Stopwatch.GetTimestamp();
            var folder = parsed.GetRequiredValue(to);
            var (signals, waiting) = await CopyAsync(parsed.GetRequiredValue(data), folder, parsed.GetValue(keys), cancellationToken);
            var (bytes, ms) = (folder.EnumerateFiles().Sum(file => file.Length), (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            if (Output.IsJson(parsed))
                Output.Write(new { to = folder.FullName, bytes, signalsWaiting = signals, entriesWaiting = waiting, milliseconds = ms });
            else
                Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{folder.FullName}: {Words.Count(bytes, "byte")} in {ms} ms, {Words.Count(signals, "signal")} of it still to be counted"));
            return ExitCodes.Done;
        });
        return command;
    }

    /// <returns>Signals and entries of the copy that are in the log and not counted yet.</returns>
    private static async Task<(long Signals, long Entries)> CopyAsync(DirectoryInfo data, DirectoryInfo to, FileInfo? keys, CancellationToken cancellationToken)
    {
        var database = Path.Combine(data.FullName, Database);
        if (!File.Exists(database))
            throw new InvalidDataException($"{data.FullName}: came a folder without {Database}; expected the data folder of an embedded engine (a cluster keeps its data in Redis)");
        keys ??= new FileInfo(Path.Combine(data.FullName, TokenKeys));
        if (!keys.Exists)
            throw new InvalidDataException($"{keys.FullName} is not there: name the engine's --token-key file. Without its keys the copy could not take signals of earlier decisions");
        if (to.Exists)
            throw new InvalidDataException($"{to.FullName} is there already; expected a folder that is not");
        // Made beside and moved into place: what has this name is whole.
        var draft = Directory.CreateDirectory($"{to.FullName}.{Guid.NewGuid():n}");
        try
        {
            if (!OperatingSystem.IsWindows())
                draft.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
            var copy = Path.Combine(draft.FullName, Database);
            await Bar.RunAsync("copy", new FileInfo(database).Length, report => VacuumAsync(database, new FileInfo(copy), report, cancellationToken));
            var waiting = await CheckAsync(copy, cancellationToken);
            // After the database: keys are added before they sign, so the copy knows all that its decisions were signed with.
            File.Copy(keys.FullName, Path.Combine(draft.FullName, TokenKeys));
            Directory.Move(draft.FullName, to.FullName);
            return waiting;
        }
        catch (Exception e)
        {
            draft.Delete(recursive: true);
            if (e is SqliteException)
                throw new InvalidDataException(e.Message, e);
            throw;
        }
    }

    /// <summary>One read transaction, so one moment; a writer is not held up. What was deleted is not in the copy.</summary>
    /// <returns>The size of the copy, in bytes.</returns>
    private static async Task<long> VacuumAsync(string from, FileInfo to, Action<double, string?> report, CancellationToken cancellationToken)
    {
        using var source = Open(from, SqliteOpenMode.ReadWrite);
        using var vacuum = source.CreateCommand();
        vacuum.CommandText = "VACUUM INTO $to";
        vacuum.CommandTimeout = 0;
        vacuum.Parameters.AddWithValue("$to", to.FullName);
        await WaitAsync(vacuum, vacuum.ExecuteNonQuery, () =>
        {
            to.Refresh();
            report(to.Exists ? to.Length : 0, null);
        }, cancellationToken);
        to.Refresh();
        return to.Length;
    }

    private static async Task<(long Signals, long Entries)> CheckAsync(string copy, CancellationToken cancellationToken)
    {
        using var database = Open(copy, SqliteOpenMode.ReadOnly);
        using var check = database.CreateCommand();
        check.CommandTimeout = 0;
        check.CommandText = "PRAGMA quick_check(1)";
        if (await WaitAsync(check, check.ExecuteScalar, () => { }, cancellationToken) is not "ok")
            throw new InvalidDataException("the copy does not pass SQLite's check: the database is damaged, or the disk is");
        check.CommandText = "SELECT COALESCE(SUM(signals), 0), COUNT(*) FROM log";
        using var row = check.ExecuteReader();
        row.Read();
        return (row.GetInt64(0), row.GetInt64(1));
    }

    /// <summary>SQLite's calls hold up their thread, and do not say how far they are.</summary>
    /// <exception cref="OperationCanceledException">It was told to stop.</exception>
    private static async Task<T> WaitAsync<T>(SqliteCommand command, Func<T> call, Action look, CancellationToken cancellationToken)
    {
        var calling = Task.Run(call, CancellationToken.None);
        while (await Task.WhenAny(calling, Task.Delay(LookEvery, CancellationToken.None)) != calling)
        {
            look();
            if (!cancellationToken.IsCancellationRequested)
                continue;
            // One that waits for another's lock gives up; one that runs is broken off, at each look, since what comes before it has begun is lost.
            command.CommandTimeout = 1;
            raw.sqlite3_interrupt(command.Connection!.Handle);
        }
        try
        {
            return await calling;
        }
        catch (SqliteException e) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }
}
