using Flywheel.Grains.Replicas;

namespace Flywheel.Silo.Api.Overview;

/// <summary>What of a campaign is worth a person's look.</summary>
internal static class CampaignProblems
{
    public const string StalePolicy = "stalePolicy";

    /// <summary>A policy of a campaign with traffic is made every second or so.</summary>
    private static readonly TimeSpan StaleAfter = TimeSpan.FromMinutes(1);

    public static IEnumerable<string> Of(bool isHealthy, long quarantined, bool isStale)
    {
        if (!isHealthy)
            yield return "sampleRatio";
        if (quarantined > 0)
            yield return "quarantined";
        if (isStale)
            yield return StalePolicy;
    }

    /// <summary>When the newest of its policies was fitted; null where nothing was counted yet.</summary>
    public static DateTimeOffset? PolicyAt(ReplicatedCampaign campaign) =>
        campaign.Segments.Max(segment => segment.Served?.FittedAtMs) is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;

    /// <param name="rate">Decisions a second.</param>
    /// <param name="policyAt">See <see cref="PolicyAt"/>.</param>
    public static bool IsStale(double rate, DateTimeOffset? policyAt, DateTimeOffset now) => rate > 0 && now - policyAt > StaleAfter;
}
