using System.Diagnostics;
using System.Text;

namespace Flywheel.Faults.Load;

/// <summary>
/// Asks for decisions one by one at an even rate, as ad servers do, whatever becomes of the ones before. One that a silo does not
/// answer in time is asked of the next one; it has failed where none answers.
/// </summary>
internal sealed class DecisionProbe : IAsyncDisposable
{
    private const int MaxOpen = 500;

    /// <summary>How long an ad server waits for one silo.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    /// <summary>Until everybody has compiled what it runs; times of decisions asked before say nothing.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _open = new(MaxOpen);
    private readonly IReadOnlyList<byte[]> _requests;
    private readonly SiloRing _ring;
    private readonly Task _asking;
    private readonly Lock _lock = new();
    private readonly long _began = Stopwatch.GetTimestamp();

    public DecisionProbe(Workload workload, SiloRing ring, int perSecond)
    {
        _ring = ring;
        _requests = [.. workload.Campaigns.SelectMany(campaign => Workload.Segments.Select(
            segment => Encoding.UTF8.GetBytes($$"""{"campaign":"{{campaign}}","segment":"{{segment}}"}""")))];
        _asking = AskAllAsync(perSecond);
    }

    /// <summary>Set while a fault is on.</summary>
    public bool IsFaulted { get; set; }

    /// <summary>Set where a fault is over and only its own time is to be seen; what is asked afterwards is neither quiet nor faulted.</summary>
    public bool IsOver { get; set; }

    public LatencyHistogram Quiet { get; } = new();

    public LatencyHistogram Faulted { get; } = new();

    /// <summary>What single silos answered.</summary>
    public AnswerCounts Answers { get; } = new();

    public long Asked { get; private set; }

    /// <summary>Decisions that no silo answered.</summary>
    public long Failed { get; private set; }

    /// <summary>Those of them that were asked while a fault was on; of as many as <see cref="Faulted"/> has.</summary>
    public long FailedFaulted { get; private set; }

    /// <summary>Asks no more, and waits for the answers that are due.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
            return;
        await _stop.CancelAsync();
        await _asking;
        for (var i = 0; i < MaxOpen; i++)
            await _open.WaitAsync(CancellationToken.None);
    }

    private async Task AskAllAsync(int perSecond)
    {
        for (var asked = 0L; !_stop.IsCancellationRequested;)
        {
            for (var due = (long)(Stopwatch.GetElapsedTime(_began).TotalSeconds * perSecond); asked < due && !_stop.IsCancellationRequested; asked++)
            {
                await _open.WaitAsync(CancellationToken.None);
                _ = AskAsync(_requests[(int)(asked % _requests.Count)]);
            }
            await Task.Delay(Tick, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task AskAsync(byte[] request)
    {
        var (isFaulted, isOver) = (IsFaulted, IsOver);
        var started = Stopwatch.GetTimestamp();
        var isAnswered = false;
        foreach (var silo in _ring.Next())
        {
            var answer = await silo.SendAsync(HttpMethod.Post, "v1/decisions", request, SiloCalls.Json, Timeout);
            Answers.Add(answer.Status);
            isAnswered = answer.Status == 200;
            if (isAnswered)
                break;
        }
        lock (_lock)
        {
            if (isFaulted && !isOver)
            {
                Faulted.Add(Stopwatch.GetElapsedTime(started));
                FailedFaulted += isAnswered ? 0 : 1;
            }
            else if (!isFaulted && Stopwatch.GetElapsedTime(_began, started) > WarmUp)
                Quiet.Add(Stopwatch.GetElapsedTime(started));
            Asked++;
            Failed += isAnswered ? 0 : 1;
        }
        _open.Release();
    }
}
