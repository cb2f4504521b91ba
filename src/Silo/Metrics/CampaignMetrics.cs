using Flywheel.Domain.Learning;
using Flywheel.Grains.Replicas;
using Prometheus;

namespace Flywheel.Silo.Metrics;

/// <summary>
/// Figures of campaigns, read off this silo's replica when Prometheus asks. They are those of the whole cluster, so a query takes the largest
/// of the silos, not their sum. <see cref="MostNamed"/> campaigns have series of their own, each as long as it is there; the rest are summed
/// as <c>other</c>. No segment, module or unit is a label.
/// </summary>
internal sealed class CampaignMetrics
{
    /// <summary>An id has a letter or digit at least, and this is not one that a campaign can have.</summary>
    private const string Other = "(other)";

    private const int MostNamed = 50;

    private static readonly string[] Groups = ["learned", "control"];

    private readonly HashSet<string> _named = new(StringComparer.Ordinal);
    private readonly Lock _reading = new();
    private readonly CampaignReplica _replica;
    private readonly TimeProvider _time;
    private readonly Gauge _campaigns;
    private readonly Gauge _age;
    private readonly Gauge _pending;
    private readonly Gauge _stopped;
    private readonly Counter _decisions;
    private readonly Counter _impressions;
    private readonly Counter _reward;
    private readonly Gauge _campaignAge;

    public CampaignMetrics(CollectorRegistry registry, CampaignReplica replica, TimeProvider time)
    {
        (_replica, _time) = (replica, time);
        var factory = Prometheus.Metrics.WithCustomRegistry(registry);
        _campaigns = factory.CreateGauge("flywheel_campaigns", "Campaigns that this silo serves.");
        _age = factory.CreateGauge("flywheel_policy_age_seconds", "Age of the newest policy this silo serves; rises while nothing is learnt.");
        _pending = factory.CreateGauge("flywheel_proposals_pending", "Proposals that wait for a person.");
        _stopped = factory.CreateGauge("flywheel_agents_stopped", "Campaigns whose agents are stopped.");
        _decisions = factory.CreateCounter("flywheel_campaign_decisions_total", "Decisions of a campaign by group, as counted in the whole cluster.", "campaign", "group");
        _impressions = factory.CreateCounter("flywheel_campaign_impressions_total", "Impressions of a campaign by group, as counted in the whole cluster.", "campaign", "group");
        _reward = factory.CreateCounter("flywheel_campaign_reward_total", "Reward of a campaign by group, as counted in the whole cluster.", "campaign", "group");
        _campaignAge = factory.CreateGauge("flywheel_campaign_policy_age_seconds", "Age of the newest policy of a campaign; of (other), of the newest of them.", "campaign");
        registry.AddBeforeCollectCallback(Read);
    }

    private void Read()
    {
        lock (_reading)
        {
            var campaigns = _replica.Campaigns.ToList();
            _campaigns.Set(campaigns.Count);
            _pending.Set(campaigns.Sum(campaign => campaign.Messaging.Current?.Pending ?? 0));
            _stopped.Set(campaigns.Count(campaign => campaign.Messaging.Current?.AgentsStopped == true));
            Name(campaigns);
            var figures = campaigns.GroupBy(campaign => _named.Contains(campaign.Published.Id) ? campaign.Published.Id : Other, StringComparer.Ordinal)
                .Select(group => FiguresOf(group.Key, group)).ToList();
            foreach (var each in figures)
                Tell(each);
            _age.Set(AgeOf(figures.Max(each => each.FittedAtMs)));
        }
    }

    /// <summary>Forgets those that are gone, and gives their places to others in the order of their ids.</summary>
    private void Name(List<ReplicatedCampaign> campaigns)
    {
        var there = campaigns.Select(campaign => campaign.Published.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var gone in _named.Where(id => !there.Contains(id)).ToList())
        {
            _named.Remove(gone);
            Forget(gone);
        }
        if (campaigns.Count <= MostNamed)
            Forget(Other);
        if (_named.Count < MostNamed)
            _named.UnionWith(there.Where(id => !_named.Contains(id)).Order(StringComparer.Ordinal).Take(MostNamed - _named.Count));
    }

    private void Forget(string campaign)
    {
        _campaignAge.RemoveLabelled(campaign);
        foreach (var group in Groups)
        {
            foreach (var counter in (Counter[])[_decisions, _impressions, _reward])
                counter.RemoveLabelled(campaign, group);
        }
    }

    private static Figures FiguresOf(string campaign, IEnumerable<ReplicatedCampaign> campaigns)
    {
        var served = campaigns.SelectMany(each => each.Segments).Select(segment => segment.Served).OfType<ServedSegment>().ToList();
        return new Figures(
            campaign,
            served.Aggregate(default(GroupTally), (sum, each) => sum + each.Counts.Sum(TallySource.Learned)),
            served.Aggregate(default(GroupTally), (sum, each) => sum + each.Counts.Sum(TallySource.Control)),
            served.Count == 0 ? null : served.Max(each => each.FittedAtMs));
    }

    private void Tell(Figures figures)
    {
        _campaignAge.WithLabels(figures.Campaign).Set(AgeOf(figures.FittedAtMs));
        foreach (var (group, tally) in ((string, GroupTally)[])[(Groups[0], figures.Learned), (Groups[1], figures.Control)])
        {
            Tell(_decisions, figures.Campaign, group, tally.Decisions);
            Tell(_impressions, figures.Campaign, group, tally.Impressions);
            Tell(_reward, figures.Campaign, group, tally.RewardMicros / 1e6);
        }
    }

    /// <summary>A campaign that was deleted and made anew begins at 0, as a counter may.</summary>
    private static void Tell(Counter counter, string campaign, string group, double value)
    {
        if (counter.WithLabels(campaign, group).Value > value)
            counter.RemoveLabelled(campaign, group);
        counter.WithLabels(campaign, group).IncTo(Math.Max(0, value));
    }

    private double AgeOf(long? fittedAtMs) => fittedAtMs is { } at ? Math.Max(0, (_time.GetUtcNow().ToUnixTimeMilliseconds() - at) / 1_000.0) : 0;

    private sealed record Figures(string Campaign, GroupTally Learned, GroupTally Control, long? FittedAtMs);
}
