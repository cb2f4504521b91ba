using System.Collections.Concurrent;
using System.Diagnostics;
using Flywheel.Silo.Tests;

namespace Flywheel.Cli.Tests;

/// <summary>A command that goes on until it is told to end, in a process of its own.</summary>
internal sealed class RunningCommand : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = [];
    private readonly ConcurrentQueue<string> _errors = [];
    private readonly Task _reading;

    private RunningCommand(ProcessStartInfo start, IReadOnlyDictionary<string, string> environment)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = start.RedirectStandardInput = true;
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        _process = Process.Start(start)!;
        _reading = Task.WhenAll(ReadAsync(_process.StandardOutput, _output), ReadAsync(_process.StandardError, _errors));
    }

    /// <summary>All that came on standard output.</summary>
    public string Output => string.Concat(_output);

    public string Errors => string.Concat(_errors);

    public IReadOnlyList<string> Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public static RunningCommand Start(Uri engine, params string[] args) =>
        new(new ProcessStartInfo("dotnet", [CommandLine.Assembly, .. args]), new Dictionary<string, string> { ["FLYWHEEL_URL"] = engine.ToString() });

    /// <summary>Into another program; its exit code is the command's own.</summary>
    public static RunningCommand StartPiped(Uri engine, string reader, params string[] args) => new(
        new ProcessStartInfo("bash", ["-c", $"\"$@\" | {reader}; exit ${{PIPESTATUS[0]}}", "bash", "dotnet", CommandLine.Assembly, .. args]),
        new Dictionary<string, string> { ["FLYWHEEL_URL"] = engine.ToString() });

    /// <summary>On a terminal of 120 columns, as <c>script</c> makes one.</summary>
    public static RunningCommand StartOnTerminal(Uri engine, IReadOnlyDictionary<string, string> environment, params string[] args) => StartOnTerminal(engine, environment, 120, args);

    public static RunningCommand StartOnTerminal(Uri engine, IReadOnlyDictionary<string, string> environment, int columns, params string[] args) => new(
        new ProcessStartInfo("script", ["-qfec", $"stty cols {columns} rows 40; exec dotnet {CommandLine.Assembly} {string.Join(' ', args)}", "/dev/null"]),
        new Dictionary<string, string>(environment) { ["FLYWHEEL_URL"] = engine.ToString(), ["TERM"] = "xterm-256color" });

    public Task<string> WritesAsync(Func<RunningCommand, bool> holds, string expected) => Eventually.ReadsAsync(
        () => _process.HasExited && !holds(this) ? throw new InvalidOperationException($"It has ended without {expected}: {Output}{Errors}") : Task.FromResult(Output), _ => holds(this), expected, _ => Output + Errors);

    /// <summary>Ctrl-C, as a terminal says it to the process.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> InterruptAsync()
    {
        using var kill = Process.Start("kill", ["-INT", $"{_process.Id}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        return await ExitAsync();
    }

    /// <summary>Ctrl-C, as a person types it.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> TypeInterruptAsync()
    {
        await _process.StandardInput.WriteAsync('\u0003');
        await _process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        return await ExitAsync();
    }

    public async Task<int> ExitAsync()
    {
        await Eventually.CompletesAsync(_process.WaitForExitAsync(TestContext.Current.CancellationToken).ContinueWith(_ => true, TaskScheduler.Default), "the end of the command");
        await _reading;
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private static async Task ReadAsync(StreamReader from, ConcurrentQueue<string> to)
    {
        var buffer = new char[4096];
        while (await from.ReadAsync(buffer) is > 0 and var read)
            to.Enqueue(new string(buffer, 0, read));
    }
}
