using System.Text.Json;
using Flywheel.Grains.Campaigns;
using Prometheus;

namespace Flywheel.Silo.Metrics;

/// <summary>Documents of campaigns that were turned away. Labels are fixed.</summary>
internal sealed class DocumentMetrics : ICampaignMeter
{
    private const string NotValid = "invalid";

    private readonly Counter _rejected;

    public DocumentMetrics(CollectorRegistry registry)
    {
        _rejected = Prometheus.Metrics.WithCustomRegistry(registry).CreateCounter("flywheel_campaign_documents_rejected_total",
            "Documents of campaigns that were not taken: invalid (400, 413, 415), or why one that is valid cannot be stored (422): stopped (all modules of a slot are), "
            + "segments or modules (as many as a campaign can have in its life), tenant (it has all the campaigns that it may have), engine (there are as many as can be).", "reason");
        _rejected.WithLabels(NotValid);
        foreach (var why in Enum.GetValues<PublishRefusal>())
            _rejected.WithLabels(NameOf(why));
    }

    public void Refused(PublishRefusal why) => _rejected.WithLabels(NameOf(why)).Inc();

    public void Invalid() => _rejected.WithLabels(NotValid).Inc();

    private static string NameOf(PublishRefusal why) => JsonNamingPolicy.CamelCase.ConvertName(why.ToString());
}
