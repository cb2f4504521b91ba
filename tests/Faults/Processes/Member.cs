namespace Flywheel.Faults.Processes;

/// <summary>A silo that is killed and started again on the same data folder and ports. Its HTTP address is new each time.</summary>
/// <param name="name">Whom messages speak of.</param>
/// <param name="args">How it is started.</param>
internal sealed class Member(string name, IReadOnlyList<string> args) : IAsyncDisposable
{
    private volatile SiloProcess? _process;

    public string Name => name;

    /// <summary>Its run; null between two.</summary>
    public SiloProcess? Process => _process;

    /// <exception cref="InvalidOperationException">It does not run.</exception>
    public SiloProcess Running => _process ?? throw new InvalidOperationException($"{name} does not run.");

    /// <summary>Starts it and waits until it is ready, be it degraded.</summary>
    public async Task StartAsync()
    {
        var started = await SiloProcess.StartAsync(args);
        _process = started;
        await Patience.UntilAsync($"{name} to be ready", async () => await Health.ReadAsync(started) is not null, () => started.Output);
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        await Running.KillAsync();
        await ForgetAsync();
    }

    /// <summary>SIGTERM; returns the exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        // It answers until its end, so callers may still reach it.
        var code = await Running.TerminateAsync();
        await ForgetAsync();
        return code;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await ForgetAsync();
    }

    private async Task ForgetAsync()
    {
        var ended = Running;
        _process = null;
        await ended.DisposeAsync();
    }
}
