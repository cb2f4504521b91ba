using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Flywheel.Client;

namespace Flywheel.Faults.Processes;

/// <summary>One run of a silo, from its start to its end, and a connection to it.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";
    private const int KeptLines = 60;
    private const int KeptLength = 400;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(30);

    private readonly ConcurrentQueue<string> _lines = [];
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process _process;

    private SiloProcess(IEnumerable<string> args)
    {
        var host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        _process = new Process
        {
            EnableRaisingEvents = true,
            StartInfo = new ProcessStartInfo(host, [Path.Combine(AppContext.BaseDirectory, "Flywheel.Silo.dll"), .. args])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                RedirectStandardInput = true,
            },
        };
        _process.Exited += (_, _) => _listening.TrySetException(new InvalidOperationException("The silo has ended."));
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public HttpClient Http { get; private set; } = null!;

    public FlywheelClient Client { get; private set; } = null!;

    public bool IsRunning => !_process.HasExited;

    /// <summary>What it wrote last.</summary>
    public string Output => string.Join('\n', _lines);

    /// <summary>Resident memory.</summary>
    public long MemoryBytes
    {
        get
        {
            _process.Refresh();
            return _process.HasExited ? 0 : _process.WorkingSet64;
        }
    }

    /// <summary>Starts a silo and waits until it listens.</summary>
    public static async Task<SiloProcess> StartAsync(IEnumerable<string> args)
    {
        var silo = new SiloProcess(args);
        try
        {
            var url = await silo._listening.Task.WaitAsync(Scale.Current.Patience, TestContext.Current.CancellationToken);
            silo.Http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = ConnectTimeout }) { BaseAddress = url, Timeout = AnswerTimeout };
            silo.Client = new FlywheelClient(silo.Http);
            return silo;
        }
        catch (Exception e)
        {
            await silo.DisposeAsync();
            throw new InvalidOperationException($"The silo did not start: {silo.Output}", e);
        }
    }

    /// <summary>Runs a silo that is to end by itself; returns what it wrote.</summary>
    public static async Task<string> RunAsync(IEnumerable<string> args)
    {
        await using var silo = new SiloProcess(args);
        await silo.EndAsync();
        return silo.Output;
    }

    /// <summary>kill -9.</summary>
    public Task KillAsync()
    {
        _process.Kill();
        return EndAsync();
    }

    /// <summary>SIGTERM; waits for the end and returns the exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        await SignalAsync("TERM");
        return await EndAsync();
    }

    /// <summary>SIGSTOP: it stands still, its connections stay open.</summary>
    public Task FreezeAsync() => SignalAsync("STOP");

    /// <summary>SIGCONT: it goes on where it stood, and knows nothing of the time between.</summary>
    public Task ThawAsync() => SignalAsync("CONT");

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        if (Client is not null)
            await Client.DisposeAsync();
        Http?.Dispose();
        _process.Dispose();
    }

    private async Task<int> EndAsync()
    {
        await Patience.CompletesAsync(_process.WaitForExitAsync(TestContext.Current.CancellationToken), "the end of the silo's process", () => Output);
        return _process.ExitCode;
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    private void Read(string? line)
    {
        if (line is null)
            return;
        _lines.Enqueue(line.Length > KeptLength ? line[..KeptLength] : line);
        if (_lines.Count > KeptLines)
            _lines.TryDequeue(out _);
        if (line.IndexOf(Listening, StringComparison.Ordinal) is var at && at >= 0)
            _listening.TrySetResult(new Uri(line[(at + Listening.Length)..]));
    }
}
