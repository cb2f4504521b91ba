using Flywheel.Client;
using Flywheel.Decisions;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Learning;
using Flywheel.Grains.Replicas;
using Flywheel.Silo.Api.Experiments;

namespace Flywheel.Silo.Api.Overview;

/// <summary>
/// All campaigns at a glance, from this silo's replica. Worked out when somebody looks, at most once a second however many look, and only for
/// campaigns that changed; at most one line a campaign.
/// </summary>
internal sealed class OverviewBoard(CampaignReplica replica, TrafficRates rates, TimeProvider time)
{
    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(1);

    private readonly Lock _refreshing = new();
    private IReadOnlyList<OverviewLine> _lines = [];
    private long? _refreshedAt;
    private long _version;

    /// <summary>A tenant's lines, by id. A line whose version is above that of the newest that one knows is new to one.</summary>
    public IReadOnlyList<OverviewLine> Read(string tenant) => [.. ReadAll().Where(line => CampaignKeys.TenantOf(line.Published.Id).SequenceEqual(tenant))];

    /// <summary>Those of all tenants.</summary>
    public IReadOnlyList<OverviewLine> ReadAll()
    {
        lock (_refreshing)
        {
            if (_refreshedAt is { } at && time.GetElapsedTime(at) < Apart)
                return _lines;
            _refreshedAt = time.GetTimestamp();
            var known = _lines.ToDictionary(line => line.Published.Id, StringComparer.Ordinal);
            return _lines = [.. replica.Campaigns.OrderBy(campaign => campaign.Published.Id, StringComparer.Ordinal).Select(campaign => LineOf(campaign, known.GetValueOrDefault(campaign.Published.Id)))];
        }
    }

    private OverviewLine LineOf(ReplicatedCampaign campaign, OverviewLine? known)
    {
        // The version of the changes is read before what changed: a change in between is shown by the next line.
        var changes = campaign.Changes.Version;
        var rate = rates.Of(campaign.Published.Id);
        if (known is not null && ReferenceEquals(known.Published, campaign.Published) && known.Changes == changes && known.Campaign.DecisionsPerSecond == rate
            && rates.IsStale(campaign.Published.Id) == known.Campaign.Problems.Contains(CampaignProblems.StalePolicy))
            return known;
        var counts = campaign.Segments.Select(segment => segment.Served?.Counts).OfType<SegmentCounts>().ToList();
        var reading = Domain.Experiments.ExperimentReading.Of(counts, campaign.Rules.CapMicros);
        var ledger = counts.Aggregate(default(SignalLedger), (sum, each) => sum + each.Ledger);
        IReadOnlyList<string> had = known?.Published.Incarnation == campaign.Published.Incarnation ? known.Campaign.Problems : [];
        var (document, standing) = (campaign.Published.Campaign, campaign.Messaging.Current);
        var line = new CampaignOverview(
            campaign.Published.LocalId,
            document.Name ?? campaign.Published.LocalId,
            document.Status.ToString().ToLowerInvariant(),
            rate,
            reading.Learned.Decisions + reading.Control.Decisions,
            reading.Learned.Impressions + reading.Control.Impressions,
            (reading.Learned.RewardMicros + reading.Control.RewardMicros) / (double)Rewards.Micro,
            ExperimentWriter.NameOf(reading.Verdict),
            new Client.SampleRatio(reading.Ratio.PValue, reading.Ratio.Healthy),
            campaign.Segments.Count,
            document.Slots.Length,
            document.Slots.Sum(slot => slot.Modules.Length),
            standing?.Pending ?? 0,
            standing?.AgentsStopped ?? false,
            ledger.Quarantined,
            CampaignProblems.Of(reading.Ratio, ledger, rates.IsStale(campaign.Published.Id), had))
        {
            Lift = reading.Lift is { } lift ? new Estimate(Math.Round(lift.Mean, 6), Math.Round(lift.Low, 6), Math.Round(lift.High, 6)) : null,
            Language = document.Brief?.Language,
            Simulation = document.Simulation,
            PolicyAt = CampaignProblems.PolicyAt(campaign),
        };
        return new OverviewLine(line, campaign.Published, changes, ++_version);
    }
}
