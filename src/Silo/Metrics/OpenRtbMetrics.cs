using Flywheel.Silo.Api.OpenRtb;
using Prometheus;

namespace Flywheel.Silo.Metrics;

/// <summary>What became of bid requests. Labels are fixed.</summary>
internal sealed class OpenRtbMetrics
{
    public const string Bid = "bid";
    public const string Test = "test";
    public const string Invalid = "invalid";
    public const string Unknown = "unknown";

    private readonly Counter _requests;

    public OpenRtbMetrics(CollectorRegistry registry)
    {
        _requests = Prometheus.Metrics.WithCustomRegistry(registry).CreateCounter("flywheel_openrtb_requests_total",
            "Bid requests, by what became of them: bid, test (bid in test mode), unknown (no such campaign), or why there was no bid.", "outcome");
        foreach (var outcome in (string[])[Bid, Test, Unknown, .. Enum.GetValues<NoBid>().Select(NoBids.NameOf)])
            _requests.WithLabels(outcome);
    }

    /// <param name="outcome">One of the constants, or the name of a <see cref="NoBid"/>.</param>
    public void Asked(string outcome) => _requests.WithLabels(outcome).Inc();
}
