using System.Diagnostics;
using System.Threading.Channels;
using Flywheel.Cli.Engines;
using Flywheel.Client;
using HdrHistogram;

namespace Flywheel.Cli.Load;

/// <summary>
/// One engine under load: an audience that is decided for, sees what it gets, and clicks the more, the later the first module stands in its slot.
/// </summary>
internal sealed class EngineLoad : IAsyncDisposable
{
    private const int Senders = 2;
    private const int BatchSize = 1_000;
    private const int MostWaiting = 100_000;
    private const int Units = 1_000_000;
    private const double ClickStep = 0.02;

    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Busy = TimeSpan.FromMilliseconds(50);

    private readonly EngineClient _client;
    private readonly Campaign _campaign;
    private readonly FailureCounts _failures;
    private readonly string[] _segments;
    private readonly Dictionary<string, double> _clickRates;
    private readonly Channel<Signal> _signals = Channel.CreateBounded<Signal>(MostWaiting);
    private readonly LongHistogram[] _signalTimes = [.. Enumerable.Range(0, Senders).Select(_ => PacedLoop.NewHistogram())];

    private long _decisions;
    private long _decisionErrors;
    private long _accepted;
    private long _signalErrors;
    private long _lost;

    public EngineLoad(Uri url, string? key, Campaign campaign, FailureCounts failures)
    {
        (Url, _campaign, _failures) = (url, campaign, failures);
        _client = new EngineClient(url, key);
        _segments = [.. (campaign.Segments ?? []).Select(segment => segment.Id), "default"];
        _clickRates = campaign.Slots[0].Modules.Select((module, place) => (module.Id, Rate: ClickStep * (place + 1))).ToDictionary(each => each.Id, each => Math.Min(0.5, each.Rate));
    }

    public Uri Url { get; }

    public long Decisions => Interlocked.Read(ref _decisions);

    public long Accepted => Interlocked.Read(ref _accepted);

    /// <summary>What a worker calls.</summary>
    /// <param name="seed">Of the people that it asks for.</param>
    /// <param name="cancellationToken">Ends a request.</param>
    public Func<ValueTask<bool>> Worker(int seed, CancellationToken cancellationToken)
    {
        var random = new Random(seed);
        return () => DecideAsync(random, cancellationToken);
    }

    /// <summary>Sends what people did until <see cref="Complete"/>, and what is left then.</summary>
    /// <param name="cancellationToken">Ends it with what is still there unsent.</param>
    public Task SendAsync(CancellationToken cancellationToken) => Task.WhenAll(_signalTimes.Select(times => SendAsync(times, cancellationToken)));

    public void Complete() => _signals.Writer.TryComplete();

    /// <param name="times">Of its decisions.</param>
    /// <param name="asked">Seconds that it was asked for decisions.</param>
    /// <param name="seconds">Until its last signals were taken.</param>
    /// <param name="signalTimes">Of its signals.</param>
    public EngineReport Report(LongHistogram times, double asked, double seconds, out LongHistogram signalTimes)
    {
        signalTimes = PacedLoop.NewHistogram();
        foreach (var each in _signalTimes)
            signalTimes.Add(each);
        return new EngineReport(
            Url.ToString(),
            new LoadFigures(Decisions, Decisions / asked, _decisionErrors, Latency.Of(times)),
            new LoadFigures(Accepted, Accepted / seconds, _signalErrors, Latency.Of(signalTimes)),
            _lost + _signals.Reader.Count);
    }

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    private async ValueTask<bool> DecideAsync(Random random, CancellationToken cancellationToken)
    {
        try
        {
            var request = new DecisionRequest(_campaign.Id!) { Segment = _segments[random.Next(_segments.Length)], Unit = $"load-{random.Next(Units)}" };
            if (await _client.Api.DecideAsync(request, cancellationToken) is not { } decision)
            {
                Interlocked.Increment(ref _decisionErrors);
                _failures.Add("204 the campaign is not live", 1);
                return false;
            }
            Interlocked.Increment(ref _decisions);
            Track(Signal.Impression(decision.DecisionId));
            if (decision.Variant.TryGetValue(_campaign.Slots[0].Id, out var served) && random.NextDouble() < _clickRates.GetValueOrDefault(served.Module, ClickStep))
                Track(Signal.Click(decision.DecisionId));
            return true;
        }
        catch (FlywheelException e)
        {
            Interlocked.Increment(ref _decisionErrors);
            _failures.Add(e);
            if (e.Status is null || e.RetryAfter is not null)
                await WaitAsync(cancellationToken);
            return false;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private void Track(Signal signal)
    {
        if (!_signals.Writer.TryWrite(signal))
            Interlocked.Increment(ref _lost);
    }

    private async Task SendAsync(LongHistogram times, CancellationToken cancellationToken)
    {
        var batch = new List<Signal>();
        try
        {
            while (await _signals.Reader.WaitToReadAsync(cancellationToken))
            {
                // Decisions that follow each other go together, as with any client that batches.
                if (_signals.Reader.Count < BatchSize && !_signals.Reader.Completion.IsCompleted)
                    await Task.Delay(Gather, cancellationToken);
                while (batch.Count < BatchSize && _signals.Reader.TryRead(out var signal))
                    batch.Add(signal);
                if (batch.Count > 0)
                    await SendAsync(batch, times, cancellationToken);
                batch.Clear();
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Interlocked.Add(ref _lost, batch.Count);
        }
    }

    /// <summary>Sends a batch until it is taken or refused; the same one may come again.</summary>
    private async Task SendAsync(List<Signal> batch, LongHistogram times, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var at = Stopwatch.GetTimestamp();
                var receipt = await _client.Api.SendAsync(batch, cancellationToken);
                PacedLoop.Record(times, at);
                Interlocked.Add(ref _accepted, receipt.Accepted);
                Interlocked.Add(ref _lost, receipt.Rejected.Count);
                if (receipt.Rejected is [var first, ..])
                    _failures.Add(first.Error, receipt.Rejected.Count);
                return;
            }
            catch (FlywheelException e)
            {
                Interlocked.Increment(ref _signalErrors);
                _failures.Add(e);
                if (!e.IsTransient)
                {
                    Interlocked.Add(ref _lost, batch.Count);
                    return;
                }
                await Task.Delay(Busy, cancellationToken);
            }
        }
    }

    private static async Task WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(Busy, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The run ends.
        }
    }
}
