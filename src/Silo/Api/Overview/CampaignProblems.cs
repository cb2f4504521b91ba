using Flywheel.Domain.Experiments;
using Flywheel.Domain.Learning;
using Flywheel.Grains.Replicas;

namespace Flywheel.Silo.Api.Overview;

/// <summary>
/// What of a campaign is worth a person's look: what is wrong with it, and not what passes by itself. None comes and goes by chance: <c>sampleRatio</c> and
/// <c>quarantined</c> go at a bound that is well below the one at which they come, <c>stalePolicy</c> comes after a minute.
/// </summary>
internal static class CampaignProblems
{
    /// <summary>The experiment is unhealthy.</summary>
    public const string SampleRatio = "sampleRatio";

    /// <summary>Too many of the accepted signals are in quarantine.</summary>
    public const string Quarantined = "quarantined";

    /// <summary>Decisions are served that no policy learns of.</summary>
    public const string StalePolicy = "stalePolicy";

    /// <summary>Of a few signals no share can be told, and some beacons always wait for their impression.</summary>
    private const long LeastQuarantined = 100;

    /// <summary>The share of accepted signals beyond which it comes, as the alert FlywheelQuarantineGrowing has it, and the one below which it goes.</summary>
    private const double MuchQuarantined = 0.01;
    private const double LittleQuarantined = 0.005;

    /// <summary>An experiment is healthy again at this many times the p-value at which it ceases to be.</summary>
    private const double HealthyAgain = 10;

    public static IReadOnlyList<string> All { get; } = [SampleRatio, Quarantined, StalePolicy];

    /// <summary>The problems there are, in the order of <see cref="All"/>.</summary>
    /// <param name="ratio">Of the experiment, all segments together.</param>
    /// <param name="ledger">Of all segments together, over the campaign's life. What waits for its impression is in quarantine until that comes.</param>
    /// <param name="isStale">See <see cref="TrafficRates.IsStale"/>.</param>
    /// <param name="had">The problems at the last look; with <see cref="All"/>, the answer is what would last.</param>
    public static IReadOnlyList<string> Of(SampleRatio ratio, SignalLedger ledger, bool isStale, IReadOnlyCollection<string> had)
    {
        var problems = new List<string>();
        if (ratio.PValue < Domain.Experiments.SampleRatio.LeastHealthy * (had.Contains(SampleRatio) ? HealthyAgain : 1))
            problems.Add(SampleRatio);
        if (had.Contains(Quarantined) ? ledger.Quarantined >= LittleQuarantined * ledger.Accepted && ledger.Quarantined > 0
            : ledger.Quarantined >= LeastQuarantined && ledger.Quarantined > MuchQuarantined * ledger.Accepted)
            problems.Add(Quarantined);
        if (isStale)
            problems.Add(StalePolicy);
        return problems;
    }

    /// <summary>When the newest of its policies was fitted; null where nothing was counted yet.</summary>
    public static DateTimeOffset? PolicyAt(ReplicatedCampaign campaign) =>
        campaign.Segments.Max(segment => segment.Served?.FittedAtMs) is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;
}
