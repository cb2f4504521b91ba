using System.Diagnostics;
using Flywheel.Silo.Tests;
using Microsoft.Data.Sqlite;

namespace Flywheel.Cli.Tests.Terminals;

/// <summary>Ctrl-C, in the midst of work that holds up its thread.</summary>
public sealed class InterruptTests : IDisposable
{
    private readonly TempFolder _files = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Simulate_OfAWorldWithoutEnd_EndsAtOnce()
    {
        await File.WriteAllTextAsync(_files.File("world.json"), """
            {"impressions":100000000,"slots":[{"id":"h","modules":["a","b"]}],"segments":[{"id":"default","phases":[{"from":0,"rates":{"a":0.1,"b":0.2}}]}]}
            """, Cancel);

        await AssertEndsAsync("1 world × 2 seeds", "simulate", _files.File("world.json"), "--seeds", "2");
    }

    /// <summary>A pipe that nobody writes to is a log that is never read.</summary>
    [Fact]
    public async Task Evaluate_OfALogThatDoesNotCome_EndsAtOnce()
    {
        using (var made = Process.Start("mkfifo", [_files.File("log.csv")]))
            await made.WaitForExitAsync(Cancel);
        await File.WriteAllTextAsync(_files.File("policy.csv"), "context,action,probability\n,a,1\n", Cancel);

        await AssertEndsAsync("log.csv", "evaluate", _files.File("log.csv"), "--target", _files.File("policy.csv"));
    }

    /// <summary>Somebody else has locked the database, and does not let go.</summary>
    [Fact]
    public async Task Backup_OfALockedDatabase_EndsAtOnceAndLeavesNothing()
    {
        await using var database = new SqliteConnection($"Data Source={_files.File("flywheel.db")};Pooling=False");
        await database.OpenAsync(Cancel);
        await using var hold = database.CreateCommand();
        hold.CommandText = "CREATE TABLE log(signals); BEGIN EXCLUSIVE";
        await hold.ExecuteNonQueryAsync(Cancel);
        await File.WriteAllTextAsync(_files.File("token.key"), "", Cancel);
        Directory.CreateDirectory(_files.File("copies"));

        await AssertEndsAsync("copy", "backup", _files.Path, _files.File("copies/copy"));

        Assert.Empty(Directory.GetFileSystemEntries(_files.File("copies")));
    }

    /// <summary>On a terminal, which shows that the work has begun.</summary>
    private static async Task AssertEndsAsync(string begun, params string[] args)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "script is missing");
        await using var verb = RunningCommand.StartOnTerminal(new Uri("http://127.0.0.1:1"), new Dictionary<string, string>(), args);
        await verb.WritesAsync(all => all.Output.Contains(begun, StringComparison.Ordinal), "progress");

        var typed = Stopwatch.GetTimestamp();
        Assert.Equal(130, await verb.TypeInterruptAsync());
        Assert.True(Stopwatch.GetElapsedTime(typed) < Verb.LastWord, "Expected it to end; it was ended.");
    }
}
