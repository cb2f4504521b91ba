using System.Collections.Concurrent;
using System.Diagnostics;

namespace Flywheel.Silo.Tests;

/// <summary>An engine in a process of its own, to be killed.</summary>
internal sealed class EngineProcess : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = [];
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Api? _api;

    private EngineProcess(IEnumerable<string> args, IReadOnlyDictionary<string, string>? environment)
    {
        var host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo(host, [System.IO.Path.Combine(AppContext.BaseDirectory, "Flywheel.Silo.dll"), .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.Exited += (_, _) => _listening.TrySetException(new InvalidOperationException("The engine has ended."));
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public Api Api => _api!;

    public bool HasExited => _process.HasExited;

    /// <summary>All it has written so far.</summary>
    public string Output => string.Join('\n', _lines);

    /// <summary>Starts an engine on a free port and waits until it listens, everything loaded.</summary>
    public static Task<EngineProcess> StartAsync(TempFolder data, params string[] args) => StartAsync(data, null, args);

    /// <param name="environment">Variables that it gets besides.</param>
    public static async Task<EngineProcess> StartAsync(TempFolder data, IReadOnlyDictionary<string, string>? environment, params string[] args)
    {
        var engine = new EngineProcess(["--urls", "http://127.0.0.1:0", "--data", data.Path, .. args], environment);
        try
        {
            engine._api = new Api(await Eventually.CompletesAsync(engine._listening.Task, "an engine that listens"));
            return engine;
        }
        catch (Exception e)
        {
            await engine.DisposeAsync();
            throw new InvalidOperationException($"The engine did not start: {engine.Output}", e);
        }
    }

    /// <summary>Runs an engine that is to end by itself; returns its exit code and what it wrote.</summary>
    public static async Task<(int Code, string Output)> RunAsync(IEnumerable<string> args, IReadOnlyDictionary<string, string>? environment = null)
    {
        await using var engine = new EngineProcess(args, environment);
        return (await engine.ExitAsync(), engine.Output);
    }

    /// <summary>kill -9.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Sends a signal, such as TERM, and waits for the end; returns the exit code.</summary>
    public async Task<int> EndAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        return await ExitAsync();
    }

    /// <summary>Waits for the end; returns the exit code.</summary>
    public async Task<int> ExitAsync() =>
        await Eventually.CompletesAsync(_process.WaitForExitAsync(TestContext.Current.CancellationToken).ContinueWith(_ => _process.ExitCode, TaskScheduler.Default), "the end of the process");

    public async ValueTask DisposeAsync()
    {
        _api?.Dispose();
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private void Read(string? line)
    {
        if (line is null)
            return;
        _lines.Enqueue(line);
        if (line.IndexOf(Listening, StringComparison.Ordinal) is var at && at >= 0)
            _listening.TrySetResult(new Uri(line[(at + Listening.Length)..].Split('"')[0]));
    }
}
