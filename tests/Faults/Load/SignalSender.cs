using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Threading.Channels;

namespace Flywheel.Faults.Load;

/// <summary>Sends batches until each is accepted: to the next silo after every 429, 503 or lost connection, whole and unchanged.</summary>
internal sealed class SignalSender
{
    private const int Senders = 6;
    private const int MaxWaiting = 12;
    private const int KeptComplaints = 10;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Channel<SignalBatch> _waiting = Channel.CreateBounded<SignalBatch>(MaxWaiting);
    private readonly ConcurrentQueue<(long SentAt, long AnsweredAt)> _acceptances = [];
    private readonly ConcurrentQueue<string> _complaints = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly SiloRing _ring;
    private readonly Task _sending;
    private long _signals;
    private long _accepted;

    public SignalSender(SiloRing ring)
    {
        _ring = ring;
        _sending = Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => SendAllAsync()));
    }

    public AnswerCounts Answers { get; } = new();

    /// <summary>New signals in batches that were accepted.</summary>
    public long Signals => Interlocked.Read(ref _signals);

    /// <summary>What the 202s said was accepted, in sum. The engine may have accepted more, where it could not say so.</summary>
    public long Accepted => Interlocked.Read(ref _accepted);

    /// <summary>Answers that no engine should give.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    /// <summary>Batches that were sent and of which signals were accepted between two moments of <see cref="Stopwatch"/>.</summary>
    public int AcceptedBetween(long from, long to) => _acceptances.Count(acceptance => acceptance.SentAt > from && acceptance.AnsweredAt < to);

    /// <summary>Waits where too many wait already.</summary>
    public ValueTask SendAsync(SignalBatch batch, CancellationToken cancellationToken) => _waiting.Writer.WriteAsync(batch, cancellationToken);

    /// <summary>Waits until all that was given is accepted.</summary>
    public Task FinishAsync()
    {
        _waiting.Writer.TryComplete();
        return Patience.CompletesAsync(_sending, "every batch to be accepted", Answers.ToString);
    }

    /// <summary>Gives up what is not accepted.</summary>
    public async Task StopAsync()
    {
        _waiting.Writer.TryComplete();
        await _stop.CancelAsync();
        await _sending;
        _stop.Dispose();
    }

    private async Task SendAllAsync()
    {
        await foreach (var batch in _waiting.Reader.ReadAllAsync())
        {
            while (!_stop.IsCancellationRequested && await TryAsync(batch) is { } wait)
                await Task.Delay(wait, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Offers a batch to one silo; null where it took it, else how long to wait.</summary>
    private async Task<TimeSpan?> TryAsync(SignalBatch batch)
    {
        if (_ring.Next().FirstOrDefault() is not { } silo)
            return Pause;
        var sentAt = Stopwatch.GetTimestamp();
        var answer = await silo.SendAsync(HttpMethod.Post, "v1/signals", batch.Body, SiloCalls.Lines, Timeout);
        Answers.Add(answer.Status);
        if (answer.Status == 202)
        {
            if (Settle(batch, answer.Body) > 0)
                _acceptances.Enqueue((sentAt, Stopwatch.GetTimestamp()));
            return null;
        }
        if (!answer.IsTransient)
            Complain($"{answer.Status} for signals: {System.Text.Encoding.UTF8.GetString(answer.Body)}");
        if (answer.Status is 429 or 503 && answer.RetryAfter is null)
            Complain($"{answer.Status} without Retry-After");
        return answer.RetryAfter ?? Pause;
    }

    /// <summary>Holds a 202 against what was sent; returns how many signals it accepted.</summary>
    private int Settle(SignalBatch batch, byte[] body)
    {
        var receipt = JsonDocument.Parse(body).RootElement;
        var accepted = receipt.GetProperty("accepted").GetInt32();
        var rejected = receipt.GetProperty("rejected").EnumerateArray().ToDictionary(
            each => each.GetProperty("index").GetInt32(), each => each.GetProperty("error").GetString());
        if (accepted != batch.Lines - batch.Poison.Count)
            Complain($"{accepted} accepted of {batch.Lines} lines with {batch.Poison.Count} of poison");
        foreach (var index in rejected.Keys.Except(batch.Poison))
            Complain($"a good signal was rejected: {rejected[index]}");
        foreach (var index in batch.Poison.Except(rejected.Keys))
            Complain($"poison was not rejected: line {index} of {System.Text.Encoding.UTF8.GetString(batch.Body)}");
        Interlocked.Add(ref _accepted, accepted);
        Interlocked.Add(ref _signals, batch.New);
        return accepted;
    }

    private void Complain(string what)
    {
        if (_complaints.Count < KeptComplaints)
            _complaints.Enqueue(what);
    }
}
