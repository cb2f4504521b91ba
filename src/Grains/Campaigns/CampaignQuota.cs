using Flywheel.Decisions;

namespace Flywheel.Grains.Campaigns;

/// <summary>How many campaigns one tenant may have, so that none takes the room of the others. The catalogue counts, so it is exact.</summary>
/// <param name="PerTenant">1 to <see cref="Domain.Campaigns.Limits.Campaigns"/>; on all silos the same.</param>
public sealed record CampaignQuota(int PerTenant)
{
    /// <summary>Whether the tenant of this campaign has as many already.</summary>
    /// <param name="campaigns">All there are.</param>
    /// <param name="campaign">See <see cref="CampaignKeys"/>.</param>
    public bool IsReached(IEnumerable<string> campaigns, string campaign)
    {
        var tenant = CampaignKeys.TenantOf(campaign).ToString();
        return campaigns.Count(id => CampaignKeys.TenantOf(id).SequenceEqual(tenant)) >= PerTenant;
    }
}
