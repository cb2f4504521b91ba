using Flywheel.Silo.Api;
using Prometheus;

namespace Flywheel.Silo.Metrics;

/// <summary>What became of evaluations of flags. Labels are fixed.</summary>
internal sealed class OfrepMetrics
{
    private const string Done = "done";
    private const string Unchanged = "unchanged";
    private const string Unknown = "unknown";
    private const string NotValid = "invalid";
    private const string Failed = "failed";

    private readonly Counter _requests;

    public OfrepMetrics(CollectorRegistry registry)
    {
        _requests = Prometheus.Metrics.WithCustomRegistry(registry).CreateCounter("flywheel_ofrep_requests_total",
            "Evaluations of flags, one or all, by what the caller was told: done (200), unchanged (304), unknown (no such flag, 404), invalid (what was asked is wrong), failed.", "outcome");
        foreach (var outcome in (string[])[Done, Unchanged, Unknown, NotValid, Failed])
            _requests.WithLabels(outcome);
    }

    /// <param name="status">Of the answer. One about who asks is not counted here.</param>
    public void Answered(int status)
    {
        var outcome = status switch
        {
            StatusCodes.Status200OK => Done,
            StatusCodes.Status304NotModified => Unchanged,
            StatusCodes.Status404NotFound => Unknown,
            >= StatusCodes.Status500InternalServerError => Failed,
            _ => CountedAnswers.IsBadInput(status) ? NotValid : null,
        };
        if (outcome is not null)
            _requests.WithLabels(outcome).Inc();
    }
}
