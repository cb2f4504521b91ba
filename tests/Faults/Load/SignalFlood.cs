using System.Diagnostics;
using System.Text.Json;
using Flywheel.Faults.Processes;

namespace Flywheel.Faults.Load;

/// <summary>The same requests of signals over and over, to each silo in turn; what is turned away is not sent again.</summary>
/// <param name="silos">To whom.</param>
/// <param name="body">The body of every request, in lines.</param>
/// <param name="signals">How many signals it holds.</param>
internal sealed class SignalFlood(IReadOnlyList<Member> silos, byte[] body, int signals)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(5);

    private int _turn;
    private int _open;
    private long _accepted;
    private long _withoutRetryAfter;

    public AnswerCounts Answers { get; } = new();

    /// <summary>Signals that 202s said were accepted.</summary>
    public long Accepted => Interlocked.Read(ref _accepted);

    /// <summary>Answers of 429 and 503 that did not say when to come back.</summary>
    public long WithoutRetryAfter => Interlocked.Read(ref _withoutRetryAfter);

    /// <summary>Requests that were due and not sent, since as many as may be were under way.</summary>
    public long HeldBack { get; private set; }

    /// <summary>Sends one to each silo, so that each has compiled what it runs.</summary>
    public async Task WarmUpAsync()
    {
        foreach (var silo in silos)
            await SendAsync(silo.Running);
    }

    /// <summary>As much as is taken: each sender waits for its answer.</summary>
    /// <param name="senders">How many.</param>
    /// <param name="time">How long.</param>
    public Task SaturateAsync(int senders, TimeSpan time)
    {
        var end = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        return Task.WhenAll(Enumerable.Range(0, senders).Select(async _ =>
        {
            while (Stopwatch.GetTimestamp() < end)
            {
                if (await SendAsync(Next()) != 202)
                    await Task.Delay(Pause);
            }
        }));
    }

    /// <summary>As much as is due by the clock, whatever is answered; waits for the last answer.</summary>
    /// <param name="perSecond">Signals due in a second.</param>
    /// <param name="mostOpen">Requests under way at once; what is due beyond is held back for good.</param>
    /// <param name="time">How long.</param>
    /// <returns>Signals really sent in a second.</returns>
    public async Task<double> OfferAsync(double perSecond, int mostOpen, TimeSpan time)
    {
        var began = Stopwatch.GetTimestamp();
        var answers = new List<Task>();
        for (var seen = 0L; Stopwatch.GetElapsedTime(began) < time;)
        {
            for (var due = (long)(Stopwatch.GetElapsedTime(began).TotalSeconds * perSecond / signals); seen < due; seen++)
            {
                if (Volatile.Read(ref _open) < mostOpen)
                    answers.Add(SendAsync(Next()));
                else
                    HeldBack++;
            }
            await Task.Delay(Tick);
        }
        var sent = answers.Count * signals / Stopwatch.GetElapsedTime(began).TotalSeconds;
        await Task.WhenAll(answers);
        return sent;
    }

    private SiloProcess Next() => silos[(int)((uint)Interlocked.Increment(ref _turn) % silos.Count)].Running;

    private async Task<int> SendAsync(SiloProcess silo)
    {
        Interlocked.Increment(ref _open);
        var answer = await silo.SendAsync(HttpMethod.Post, "v1/signals", body, SiloCalls.Lines, Timeout);
        Interlocked.Decrement(ref _open);
        Answers.Add(answer.Status);
        if (answer.Status == 202)
            Interlocked.Add(ref _accepted, JsonDocument.Parse(answer.Body).RootElement.GetProperty("accepted").GetInt32());
        if (answer.Status is 429 or 503 && answer.RetryAfter is null)
            Interlocked.Increment(ref _withoutRetryAfter);
        return answer.Status;
    }
}
