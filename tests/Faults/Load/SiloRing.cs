using Flywheel.Faults.Processes;

namespace Flywheel.Faults.Load;

/// <summary>
/// The silos as a load balancer sees them: round robin over those whose readiness probe says 200, looked at every 200 ms; the
/// others are the last resort.
/// </summary>
internal sealed class SiloRing : IAsyncDisposable
{
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource _stop = new();
    private readonly IReadOnlyList<Member> _silos;
    private readonly Task _probing;
    private volatile HashSet<SiloProcess> _ready = [];
    private int _turn;

    public SiloRing(IReadOnlyList<Member> silos)
    {
        _silos = silos;
        _probing = Task.WhenAll(silos.Select(ProbeAsync));
    }

    /// <summary>Whom to ask, one after the other, until one answers.</summary>
    public IEnumerable<SiloProcess> Next()
    {
        var turn = (int)((uint)Interlocked.Increment(ref _turn) % _silos.Count);
        var running = Enumerable.Range(0, _silos.Count).Select(i => _silos[(turn + i) % _silos.Count].Process).OfType<SiloProcess>().ToList();
        var ready = _ready;
        return [.. running.Where(ready.Contains), .. running.Where(silo => !ready.Contains(silo))];
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _probing;
        _stop.Dispose();
    }

    private async Task ProbeAsync(Member silo)
    {
        while (!_stop.IsCancellationRequested)
        {
            var process = silo.Process;
            if (process is not null)
                Mark(process, await Health.ReadAsync(process) is not null);
            await Task.Delay(ProbeInterval, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Mark(SiloProcess process, bool isReady)
    {
        lock (_stop)
        {
            if (isReady != _ready.Contains(process))
                _ready = [.. isReady ? _ready.Append(process) : _ready.Where(other => other != process)];
        }
    }
}
