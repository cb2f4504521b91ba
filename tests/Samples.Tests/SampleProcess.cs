using System.Collections.Concurrent;
using System.Diagnostics;
using Flywheel.Silo.Tests;

namespace Flywheel.Samples.Tests;

/// <summary>A sample in a process of its own, as its readers run it.</summary>
internal sealed class SampleProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = [];

    private SampleProcess(ProcessStartInfo start)
    {
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => _lines.Enqueue(line.Data ?? "");
        _process.ErrorDataReceived += (_, line) => _lines.Enqueue(line.Data ?? "");
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>All it has written so far.</summary>
    public string Output => string.Join('\n', _lines);

    /// <summary>Starts one of the samples in C#.</summary>
    public static SampleProcess StartDotnet(string name, params IEnumerable<string> arguments) =>
        Start(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [Path.Combine(AppContext.BaseDirectory, $"Flywheel.{name}.dll"), .. arguments]);

    public static SampleProcess Start(string program, params IEnumerable<string> arguments) => new(new ProcessStartInfo(program, arguments));

    /// <summary>Runs it to its end; returns the exit code and what it wrote.</summary>
    public static async Task<(int Code, string Output)> RunDotnetAsync(string name, params IEnumerable<string> arguments)
    {
        await using var sample = StartDotnet(name, arguments);
        await Eventually.ReadsAsync(() => Task.FromResult(sample._process.HasExited), ended => ended, "the end of the sample", _ => sample.Output);
        await sample._process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (sample._process.ExitCode, sample.Output);
    }

    /// <summary>Gives it a line to read.</summary>
    public Task TypeAsync(string line) => _process.StandardInput.WriteLineAsync(line);

    /// <summary>Waits until it has written this.</summary>
    public Task WritesAsync(string text) => Eventually.ReadsAsync(() => Task.FromResult(Output), output => output.Contains(text, StringComparison.Ordinal), $"\"{text}\"");

    /// <summary>Asks it to end, as Ctrl-C does, and kills what does not.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
            await kill.WaitForExitAsync(CancellationToken.None);
            if (!_process.WaitForExit(Eventually.Patience))
                _process.Kill(entireProcessTree: true);
        }
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }
}
