using Prometheus;

namespace Flywheel.Silo.Metrics;

/// <summary>Tables that leave the engine, over HTTP and as files. Labels are fixed.</summary>
internal sealed class ExportMetrics
{
    public const string Scores = "scores";
    public const string Log = "log";

    public const string Done = "done";
    public const string Invalid = "invalid";
    public const string Failed = "failed";
    public const string Skipped = "skipped";

    private readonly Counter _sent;
    private readonly Counter _rounds;
    private readonly Gauge _last;
    private readonly Gauge _seconds;
    private readonly Gauge _period;

    public ExportMetrics(CollectorRegistry registry)
    {
        var factory = Prometheus.Metrics.WithCustomRegistry(registry);
        _sent = factory.CreateCounter("flywheel_exports_total", "Tables asked for over HTTP, by table (scores, log) and outcome: done, invalid (what was asked is wrong), failed (cut off, or the store was away).", "table", "outcome");
        _rounds = factory.CreateCounter("flywheel_export_rounds_total", "Rounds of scheduled files: done, failed, skipped (another silo writes into the folder, or this one is not current).", "outcome");
        _last = factory.CreateGauge("flywheel_export_last_success_timestamp_seconds", "When the last round of files was whole, as Unix time; 0 until the first of this process.");
        _seconds = factory.CreateGauge("flywheel_export_round_seconds", "How long that round took.");
        _period = factory.CreateGauge("flywheel_export_period_seconds", "How often files are due; 0 where none are.");
        foreach (var table in (string[])[Scores, Log])
        {
            foreach (var outcome in (string[])[Done, Invalid, Failed])
                _sent.WithLabels(table, outcome);
        }
        foreach (var outcome in (string[])[Done, Failed, Skipped])
            _rounds.WithLabels(outcome);
    }

    /// <param name="table">One of the constants; so for <paramref name="outcome"/>.</param>
    public void Sent(string table, string outcome) => _sent.WithLabels(table, outcome).Inc();

    public void Scheduled(TimeSpan every) => _period.Set(every.TotalSeconds);

    public void RoundDone(DateTimeOffset at, TimeSpan took)
    {
        _rounds.WithLabels(Done).Inc();
        _last.Set(at.ToUnixTimeMilliseconds() / 1e3);
        _seconds.Set(took.TotalSeconds);
    }

    /// <param name="outcome">failed or skipped.</param>
    public void RoundMissed(string outcome) => _rounds.WithLabels(outcome).Inc();
}
