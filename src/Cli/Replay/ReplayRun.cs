using System.Diagnostics;
using Flywheel.Client;

namespace Flywheel.Cli.Replay;

/// <summary>Sends a log to a campaign, batch after batch, each until it is accepted. Sending the same rows again is safe.</summary>
/// <param name="perSecond">The most signals a second; null for as many as the engine takes.</param>
internal sealed class ReplayRun(FlywheelClient engine, string campaign, int? perSecond)
{
    /// <summary>Signals of a full batch.</summary>
    private const int BatchSize = 1_000;

    private const int ShownRejections = 10;
    private const int MostAttempts = 20;

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LedgerPatience = TimeSpan.FromSeconds(30);
    /// <summary>Within which the engine counts what it has accepted. Others may send to the campaign as well, so the sum alone says nothing sooner.</summary>
    private static readonly TimeSpan CountedWithin = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LedgerEvery = TimeSpan.FromMilliseconds(100);

    private readonly List<Signal> _batch = new(BatchSize + 1);
    private readonly List<long> _lines = new(BatchSize + 1);
    private readonly List<ReplayRejection> _rejections = [];
    private long _sent;
    private long _accepted;
    private long _rejected;

    /// <value>The first row that is not known to be accepted or rejected, from 1.</value>
    public long NextRow { get; private set; } = 1;

    /// <summary>Sends the rows from one on; ends early with what cancels or fails it.</summary>
    /// <exception cref="FlywheelException">The engine refuses, or stays away.</exception>
    public async Task SendAsync(ReplayLog log, long fromRow, Action<double, string?> report, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (log.Read())
        {
            if (log.Row < fromRow)
                continue;
            var before = _batch.Count;
            if (log.AddTo(_batch) is { } error)
                Reject(log.Line, error);
            _lines.AddRange(Enumerable.Repeat(log.Line, _batch.Count - before));
            if (_batch.Count < BatchSize)
                continue;
            await FlushAsync(log.Row, cancellationToken);
            report(log.Row, null);
            if (perSecond is { } rate && TimeSpan.FromSeconds(_sent / (double)rate) - Stopwatch.GetElapsedTime(started) is { Ticks: > 0 } wait)
                await Task.Delay(wait, cancellationToken);
        }
        await FlushAsync(log.Row, cancellationToken);
    }

    /// <summary>What became of it, once the engine has counted what it accepted.</summary>
    /// <param name="before">The campaign's ledger before the replay.</param>
    /// <param name="rows">Of the whole log.</param>
    public async Task<ReplayReport> ReportAsync(Ledger before, long rows, double seconds, CancellationToken cancellationToken)
    {
        var after = await CountedAsync(before, cancellationToken);
        return new ReplayReport(
            campaign, rows, _sent, _accepted, after?.Duplicate - before.Duplicate, after?.Late - before.Late, after?.Quarantined - before.Quarantined, _rejected, _rejections,
            NextRow <= rows ? NextRow : null, seconds);
    }

    /// <returns>The ledger with all that was accepted; null where the engine does not say in time.</returns>
    private async Task<Ledger?> CountedAsync(Ledger before, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(_accepted > 0 ? CountedWithin : TimeSpan.Zero, cancellationToken);
            for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < LedgerPatience; await Task.Delay(LedgerEvery, cancellationToken))
            {
                if ((await engine.GetScoresAsync(campaign, cancellationToken)).Ledger is var now && now.Accepted - before.Accepted >= _accepted)
                    return now;
            }
        }
        catch (Exception e) when (e is FlywheelException or OperationCanceledException)
        {
            // What it sent is told without what became of it.
        }
        return null;
    }

    private async Task FlushAsync(long row, CancellationToken cancellationToken)
    {
        for (var attempt = 1; _batch.Count > 0; attempt++)
        {
            try
            {
                var receipt = await engine.SendAsync(_batch, cancellationToken);
                _sent += _batch.Count;
                _accepted += receipt.Accepted;
                foreach (var rejected in receipt.Rejected)
                    Reject(_lines[rejected.Index], rejected.Error);
                break;
            }
            catch (FlywheelException e) when (e.IsTransient && attempt < MostAttempts)
            {
                var wait = FirstWait * Math.Pow(2, Math.Min(attempt - 1, 10));
                wait = wait < LongestWait ? wait : LongestWait;
                await Task.Delay(e.RetryAfter > wait ? e.RetryAfter.Value : wait, cancellationToken);
            }
        }
        _batch.Clear();
        _lines.Clear();
        NextRow = row + 1;
    }

    private void Reject(long line, string error)
    {
        _rejected++;
        if (_rejections.Count < ShownRejections)
            _rejections.Add(new ReplayRejection(line, error));
    }
}
