using System.Diagnostics;
using System.Globalization;
using Flywheel.Client;
using HdrHistogram;

namespace Flywheel.Cli.Load;

/// <summary>Decisions and the signals that come of them, against one engine or several that share the connections.</summary>
/// <param name="connections">Decisions under way at a time, of all engines together.</param>
/// <param name="rate">Decisions a second, of all engines together; null for as many as they take.</param>
internal sealed class LoadRun(IReadOnlyList<Uri> urls, string? key, Campaign campaign, int connections, int? rate, TimeSpan time)
{
    /// <summary>How long what was due or made before the end may take.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan ReportEvery = TimeSpan.FromMilliseconds(500);

    /// <param name="report">Hears how many seconds it has run.</param>
    /// <param name="cancellationToken">Ends it early; what was measured by then is told.</param>
    public async Task<LoadReport> RunAsync(Action<double, string?> report, CancellationToken cancellationToken)
    {
        var failures = new FailureCounts();
        var engines = urls.Select(url => new EngineLoad(url, key, campaign, failures)).ToArray();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        end.CancelAfter(time + Grace);
        using var drain = new CancellationTokenSource();
        try
        {
            var started = Stopwatch.GetTimestamp();
            var sending = Task.WhenAll(engines.Select(engine => engine.SendAsync(drain.Token)));
            var workers = Enumerable.Range(0, connections).Select(i => engines[i % engines.Length].Worker(i + 1, end.Token)).ToList();
            var asking = PacedLoop.RunAsync(workers, rate, time, end.Token);
            while (await Task.WhenAny(asking, Task.Delay(ReportEvery, CancellationToken.None)) != asking)
            {
                var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
                report(Math.Min(seconds, time.TotalSeconds), Progress(engines, seconds));
            }
            var (times, missed) = await asking;
            var asked = Stopwatch.GetElapsedTime(started).TotalSeconds;
            foreach (var engine in engines)
                engine.Complete();
            drain.CancelAfter(cancellationToken.IsCancellationRequested ? TimeSpan.FromSeconds(1) : Grace);
            await sending;
            return Report(engines, times, missed, failures, asked, Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
        finally
        {
            foreach (var engine in engines)
                await engine.DisposeAsync();
        }
    }

    private static string Progress(EngineLoad[] engines, double seconds) => string.Create(
        CultureInfo.InvariantCulture, $"load: {engines.Sum(engine => engine.Decisions) / seconds:N0} decisions, {engines.Sum(engine => engine.Accepted) / seconds:N0} signals a second");

    private LoadReport Report(EngineLoad[] engines, LongHistogram[] times, long missed, FailureCounts failures, double asked, double seconds)
    {
        var (all, allSignals, reports) = (PacedLoop.NewHistogram(), PacedLoop.NewHistogram(), new List<EngineReport>());
        for (var i = 0; i < engines.Length; i++)
        {
            var own = PacedLoop.NewHistogram();
            for (var worker = i; worker < times.Length; worker += engines.Length)
                own.Add(times[worker]);
            reports.Add(engines[i].Report(own, asked, seconds, out var signals));
            all.Add(own);
            allSignals.Add(signals);
        }
        var total = new EngineReport(
            null, Sum(reports.Select(each => each.Decisions), asked, all), Sum(reports.Select(each => each.Signals), seconds, allSignals), reports.Sum(each => each.SignalsLost));
        return new LoadReport(campaign.Id!, seconds, rate, connections, missed, reports, total, failures.All);
    }

    private static LoadFigures Sum(IEnumerable<LoadFigures> figures, double seconds, LongHistogram times)
    {
        var all = figures.ToList();
        return new LoadFigures(all.Sum(each => each.Count), all.Sum(each => each.Count) / seconds, all.Sum(each => each.Errors), Latency.Of(times));
    }
}
